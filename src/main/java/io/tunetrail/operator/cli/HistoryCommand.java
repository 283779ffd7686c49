package io.tunetrail.operator.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      return told(new LocalDatabase(local.project(name.given(), null)).decide().database());
    }
    try (var opened = cluster.open()) {
      return told(opened.database(name.required()));
    }
  }

  private int told(Database database) {
    var works = database.history();
    var out = spec.commandLine().getOut();
    out.print(
        output
            .format()
            .write(
                Map.of("history", works),
                () ->
                    works.isEmpty()
                        ? database.name() + ": nothing was done to the database yet\n"
                        : History.table(works, "")));
    out.flush();
    return 0;
  }
}
