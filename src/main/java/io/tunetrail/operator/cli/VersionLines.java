package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.migration.ScriptSources;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads which versions a resource's project has. */
record VersionLines(Cluster cluster) {

  VersionLine of(TuneTrailDatabase resource, Desired desired) throws CommandFailure {
    var status = resource.getStatus();
    var current = status == null ? null : status.migrationVersion();
    var source = desired.imageSource();
    return source == null
        ? ofConfigMaps(resource, desired, current)
        : ofImage(told(resource, source), desired, current);
  }

  private VersionLine ofConfigMaps(
      TuneTrailDatabase resource, Desired desired, @Nullable String current) throws CommandFailure {
    var files = cluster.files(ScriptSources.ofSchema(resource, desired));
    return FlywayLine.of(files, Objects.requireNonNull(desired.flyway()), current);
  }

  private static VersionLine ofImage(
      ImageContent content, Desired desired, @Nullable String current) {
    return switch (content) {
      case ScriptListing listing -> FlywayLine.of(listing, current);
      case RevisionGraph graph ->
          AlembicLine.of(graph, current, Objects.requireNonNull(desired.alembic()).branch());
    };
  }

  private ImageContent told(TuneTrailDatabase resource, ImageSource source) throws CommandFailure {
    return cluster
        .told(resource, source)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "the operator has not read yet which %s %s holds; see kubectl get ttdb %s"
                        .formatted(
                            source.holds(), source.image(), resource.getMetadata().getName())));
  }
}
