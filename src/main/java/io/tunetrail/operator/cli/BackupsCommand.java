package io.tunetrail.operator.cli;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a database's backups. */
@Command(
    name = "backups",
    description = {
      "Shows the backups of a database that the cluster tells of, newest first, and which were"
          + " verified.",
      "They are those of its status, of Jobs that are kept and of restores. Where they lie "
          + "there may be more, and the retention may have removed older ones."
    })
final class BackupsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var backups = new BackupPlaces(opened, opened.database(name)).backups();
      var out = spec.commandLine().getOut();
      out.print(
          output
              .format()
              .write(
                  Map.of("backups", backups),
                  () ->
                      backups.isEmpty()
                          ? name + ": no backup is known\n"
                          : KnownBackups.table(backups, Instant.now())));
      out.flush();
      return 0;
    }
  }
}
