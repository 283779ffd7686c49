package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.MadeFiles;
import io.tunetrail.operator.migration.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;

/** A Job that makes files, which are then written here. */
record Drafting(Cluster cluster, AlembicWork work, JobOptions options, CommandSpec spec) {

  /**
   * Runs it; {@code nothing} is said where there is nothing to make. What was made is written even
   * if it is not right yet, which fails all the same.
   */
  void into(Path folder, String nothing) throws CommandFailure {
    var job = work.job(UUID.randomUUID().toString(), options.image(cluster));
    var commandLine = spec.commandLine();
    var end = JobRun.of(cluster, job, options.timeout(), commandLine.getErr());
    var made = MadeFiles.parse(end.log());
    if (end.outcome() == Outcome.DONE && made.isEmpty()) {
      throw new CommandFailure(
          "the log of %s is not whole any more; try again".formatted(work.image()));
    }
    var files = made.map(MadeFiles::files).orElse(List.of());
    for (var path : new Folder(folder).write(files)) {
      commandLine.getOut().println(path);
    }
    switch (end.outcome()) {
      case DONE -> {
        if (files.isEmpty()) {
          commandLine.getOut().println(nothing);
        }
      }
      case SCHEMA_DIFFERS -> throw new CommandFailure(end.detail());
      default ->
          throw new CommandFailure(
              "%s; see %s".formatted(end.detail(), JobRun.logsOf(job, cluster.namespace())));
    }
  }
}
