package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.migration.ScriptSources;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets the version that a database should have. */
@Command(
    name = "target",
    description = "Sets the version that a database should have, and says what would run.")
final class TargetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = {
        "A version, latest, or so many versions from the database's own: +1, -2; for Alembic",
        "also of a branch: LABEL@-1."
      })
  private String to = "";

  @Option(names = "--dry-run", description = "Says what would run, and changes nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var retargeting = Retargeting.of(opened.resource(name), TargetRequest.parse(to));
      var objection = retargeting.objection();
      if (objection.isPresent()) {
        throw new CommandFailure(objection.get());
      }
      move(opened, retargeting, resolved(opened, retargeting));
      return 0;
    }
  }

  private Move resolved(Cluster opened, Retargeting retargeting) throws CommandFailure {
    return switch (line(opened, retargeting).resolve(retargeting.request())) {
      case Answer.Found(Move move) -> move;
      case Answer.Refused(String message) -> throw new CommandFailure(name + ": " + message);
    };
  }

  private void move(Cluster opened, Retargeting retargeting, Move move) throws CommandFailure {
    var objection = retargeting.objection(move);
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    if (!dryRun) {
      opened.setTarget(retargeting.resource(), move.to());
    }
    var out = spec.commandLine().getOut();
    out.printf("%s: %s%s%n", name, move.words(), dryRun ? ", not changed" : "");
    retargeting.remaining(move).ifPresent(out::println);
  }

  private static VersionLine line(Cluster opened, Retargeting retargeting) throws CommandFailure {
    var source = retargeting.desired().imageSource();
    return source == null
        ? ofConfigMaps(opened, retargeting)
        : ofImage(told(opened, retargeting.resource(), source), retargeting);
  }

  private static VersionLine ofConfigMaps(Cluster opened, Retargeting retargeting)
      throws CommandFailure {
    var desired = retargeting.desired();
    var files = opened.files(ScriptSources.ofSchema(retargeting.resource(), desired));
    return FlywayLine.of(files, Objects.requireNonNull(desired.flyway()), retargeting.current());
  }

  private static VersionLine ofImage(ImageContent content, Retargeting retargeting) {
    return switch (content) {
      case ScriptListing listing -> FlywayLine.of(listing, retargeting.current());
      case RevisionGraph graph ->
          AlembicLine.of(
              graph,
              retargeting.current(),
              Objects.requireNonNull(retargeting.desired().alembic()).branch());
    };
  }

  private static ImageContent told(Cluster opened, TuneTrailDatabase resource, ImageSource source)
      throws CommandFailure {
    return opened
        .told(resource, source)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "the operator has not read yet which %s %s holds; see kubectl get ttdb %s"
                        .formatted(
                            source.holds(), source.image(), resource.getMetadata().getName())));
  }
}
