package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.tracing.Spans;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is traced: reconciles, looks in them, and Jobs from their creation to their end. */
final class Traces {
  private Traces() {}

  /** Of a resource, as attributes of a span. */
  static Map<String, String> of(HasMetadata resource) {
    var metadata = resource.getMetadata();
    return Map.of(
        "k8s.namespace.name", metadata.getNamespace(),
        "tunetrail.database", metadata.getName(),
        "tunetrail.generation", String.valueOf(metadata.getGeneration()));
  }

  /** A Job that the next status is the first to tell the end of. */
  static void job(
      Spans spans, TuneTrailDatabase resource, TuneTrailDatabaseStatus next, Collection<Job> jobs) {
    var last = next.lastMigration();
    if (last == null || last.finished() == null || isKnown(resource.getStatus(), last)) {
      return;
    }
    jobs.stream()
        .filter(it -> it.getMetadata().getName().equals(last.job()))
        .findFirst()
        .ifPresent(
            job ->
                spans.ended(
                    "job",
                    attributes(resource, last),
                    Instant.parse(job.getMetadata().getCreationTimestamp()),
                    Instant.parse(last.finished()),
                    last.outcome().equals("Done")));
  }

  private static boolean isKnown(@Nullable TuneTrailDatabaseStatus before, LastMigration last) {
    var known = before == null ? null : before.lastMigration();
    return known != null
        && known.job().equals(last.job())
        && known.outcome().equals(last.outcome());
  }

  private static Map<String, String> attributes(TuneTrailDatabase resource, LastMigration last) {
    var attributes = new HashMap<>(of(resource));
    attributes.put("k8s.job.name", last.job());
    attributes.put("tunetrail.task", String.valueOf(last.task()));
    attributes.put("tunetrail.outcome", last.outcome());
    return attributes;
  }
}
