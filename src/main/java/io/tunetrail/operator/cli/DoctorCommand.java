package io.tunetrail.operator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for what is amiss. */
@Command(
    name = "doctor",
    description = {
      "Looks at the cluster, the operator, its rights and the clock, and at a "
          + "database's Secret, state and Jobs, and says what to do.",
      "Ends with 1 where something fails. It only reads."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase; the cluster alone where it is left out.")
  private @Nullable String name;

  @Option(
      names = "--operator-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "tunetrail-system",
      description = "Where the operator is looked for; ${DEFAULT-VALUE} where it is left out.")
  private String operatorNamespace = "";

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var checks = checks(opened);
      var out = spec.commandLine().getOut();
      out.print(output.format().write(checks, () -> Check.text(checks, terminal.style())));
      out.flush();
      return (checks.stream().anyMatch(Check::isFailure) ? ExitCode.NOT_DONE : ExitCode.DONE)
          .number();
    }
  }

  private List<Check> checks(Cluster opened) throws CommandFailure {
    var checks = new ArrayList<>(new ClusterExamination(opened, operatorNamespace).checks());
    if (name != null) {
      checks.addAll(new DatabaseExamination(opened, opened.database(name)).checks());
    }
    return checks;
  }
}
