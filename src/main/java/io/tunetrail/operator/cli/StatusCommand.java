package io.tunetrail.operator.cli;

import io.tunetrail.operator.lifecycle.ObservedJob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how databases stand. */
@Command(
    name = "status",
    description = {
      "Shows how a database stands.",
      "Versions, what is pending, approval, plan, history, conditions with remedies, "
          + "Jobs. Without a name: a line for each."
    })
final class StatusCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase; all of the namespace where it is left out.")
  private @Nullable String name;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Those of all namespaces.")
  private boolean allNamespaces;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    var out = spec.commandLine().getOut();
    if (local.isGiven()) {
      var decided = new LocalDatabase(local.project(name, null)).decide();
      out.print(page(decided.database(), _ -> Optional.of(List.of())));
    } else {
      try (var opened = cluster.open()) {
        out.print(name == null ? list(opened) : page(opened.database(name), opened::jobs));
      }
    }
    out.flush();
    return 0;
  }

  private String page(Database database, Function<Database, Optional<List<ObservedJob>>> jobs) {
    return output
        .format()
        .write(
            database.json(),
            () ->
                new StatusPage(database, jobs.apply(database).orElse(null), terminal.style())
                    .text());
  }

  private String list(Cluster opened) {
    var databases = opened.databases(allNamespaces);
    return output
        .format()
        .write(
            Map.of("items", databases.stream().map(Database::json).toList()),
            () ->
                databases.isEmpty()
                    ? "there is no TuneTrailDatabase\n"
                    : DatabaseTable.of(databases, allNamespaces, terminal.style()));
  }
}
