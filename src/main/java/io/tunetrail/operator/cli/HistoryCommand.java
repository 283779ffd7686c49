package io.tunetrail.operator.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what was done to a database. */
@Command(
    name = "history",
    description = {
      "Shows the last migrations of a database, newest first.",
      "All of them are in the database, in tunetrail.history."
    })
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var works = opened.database(name).history();
      var out = spec.commandLine().getOut();
      out.print(
          output
              .format()
              .write(
                  Map.of("history", works),
                  () ->
                      works.isEmpty()
                          ? name + ": nothing was done to the database yet\n"
                          : History.table(works, "")));
      out.flush();
      return 0;
    }
  }
}
