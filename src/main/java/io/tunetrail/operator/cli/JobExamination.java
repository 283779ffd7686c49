package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.database.SchemaLook;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.Examination;
import io.tunetrail.operator.migration.ExamineFrame;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.Outcome;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.UUID;

/**
 * Asks a database by a Job beside it, for whoever runs this has no way to it.
 *
 * @param image the operator's
 * @param progress told what is waited for
 */
record JobExamination(Cluster cluster, String image, Duration timeout, PrintWriter progress) {
  /** How long a person waits for the little that it takes. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What its role may do. */
  ExamineFrame.Role role(TuneTrailDatabase resource) throws CommandFailure {
    return ExamineFrame.role(log(resource, Examination.ROLE)).orElseThrow(this::unanswered);
  }

  /** What its schemas hold. */
  SchemaLook.Answer schema(TuneTrailDatabase resource) throws CommandFailure {
    return ExamineFrame.schema(log(resource, Examination.SCHEMA)).orElseThrow(this::unanswered);
  }

  private String log(TuneTrailDatabase resource, Examination asked) throws CommandFailure {
    var job = job(resource, asked, image);
    var end = JobRun.of(cluster, job, timeout, progress);
    if (end.outcome() != Outcome.DONE) {
      throw new CommandFailure(
          "Job %s ended without an answer: %s: %s; see %s"
              .formatted(
                  job.getMetadata().getName(),
                  end.outcome().text(),
                  end.detail(),
                  JobRun.logsOf(job, cluster.namespace())));
    }
    return end.log();
  }

  /** One Job for each question; the operator's image asks, whatever migrates the schema. */
  static Job job(TuneTrailDatabase resource, Examination asked, String image) {
    var desired = Desired.from(resource);
    var unique = Digest.of(UUID.randomUUID().toString());
    var work = new Work(desired.method(), Task.EXAMINE, unique, 1, "", null, null);
    return MigrationJob.byHand(resource, desired, work, asked.toString(), image);
  }

  private CommandFailure unanswered() {
    return new CommandFailure(
        "the log of the Job is not whole any more, or %s is of another version than this program; try again, or say the image by --image"
            .formatted(image));
  }
}
