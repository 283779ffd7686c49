package io.tunetrail.operator.cli;

import io.tunetrail.operator.migration.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/** Where a project's Alembic works for a person. */
sealed interface AlembicRun {

  /** Does the work; where it did not end as it should, the detail says where to read more. */
  JobRun.End of(AlembicWork work) throws CommandFailure;

  /**
   * In a Job of the resource's namespace.
   *
   * @param progress told what is waited for
   */
  record InCluster(Cluster cluster, JobOptions options, PrintWriter progress)
      implements AlembicRun {

    @Override
    public JobRun.End of(AlembicWork work) throws CommandFailure {
      var job = work.job(UUID.randomUUID().toString(), options.image(cluster));
      var end = JobRun.of(cluster, job, options.timeout(JobOptions.PATIENCE), progress);
      return isAnswer(end.outcome())
          ? end
          : new JobRun.End(
              end.outcome(),
              "%s; see %s".formatted(end.detail(), JobRun.logsOf(job, cluster.namespace())),
              end.log());
    }
  }

  /**
   * In the project's own folder, by its own Python.
   *
   * @param words where the program's own go, should it fail
   */
  record Here(LocalProject project, PrintWriter words) implements AlembicRun {

    @Override
    public JobRun.End of(AlembicWork work) throws CommandFailure {
      var log = new ByteArrayOutputStream();
      var stream = new PrintStream(log, true, StandardCharsets.UTF_8);
      var report =
          new LocalWork(project.with(work.resource()), stream)
              .run(work.work(UUID.randomUUID().toString()), work.argument());
      var text = log.toString(StandardCharsets.UTF_8);
      if (!isAnswer(report.outcome())) {
        words.print(text);
        words.flush();
      }
      return new JobRun.End(
          report.outcome(),
          Objects.requireNonNullElse(report.message(), report.outcome().text()),
          text);
    }
  }

  private static boolean isAnswer(Outcome outcome) {
    return outcome == Outcome.DONE || outcome == Outcome.SCHEMA_DIFFERS;
  }
}
