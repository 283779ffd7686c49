package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.MadeFiles;
import io.tunetrail.operator.migration.Outcome;
import java.nio.file.Path;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;

/** A Job that makes files, which are then written here. */
record Drafting(Cluster cluster, AlembicWork work, JobOptions options, CommandSpec spec) {

  /** Runs it; {@code nothing} is said where there is nothing to make. */
  void into(Path folder, String nothing) throws CommandFailure {
    var job = work.job(UUID.randomUUID().toString(), options.image(cluster));
    var commandLine = spec.commandLine();
    var end = JobRun.of(cluster, job, options.timeout(), commandLine.getErr());
    if (end.outcome() != Outcome.DONE) {
      throw new CommandFailure(
          "%s; see %s".formatted(end.detail(), JobRun.logsOf(job, cluster.namespace())));
    }
    var made =
        MadeFiles.parse(end.log())
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "the log of %s is not whole any more; try again".formatted(work.image())));
    if (made.files().isEmpty()) {
      commandLine.getOut().println(nothing);
    }
    for (var path : new Folder(folder).write(made.files())) {
      commandLine.getOut().println(path);
    }
  }
}
