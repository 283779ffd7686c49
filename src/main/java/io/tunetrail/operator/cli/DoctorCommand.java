package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.database.RoleLook.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks for what is amiss. */
@Command(
    name = "doctor",
    description = {
      "Looks at the cluster, the operator, its rights and the clock, and at a "
          + "database's Secret, state, Jobs, server, privileges, extensions, lock and clock, and"
          + " says what to do.",
      "A Job of the resource's namespace asks the database, with --local this program does.",
      "Ends with 1 where something fails. It only reads."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase; the cluster alone where it is left out.")
  private @Nullable String name;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      return told(checks(local.project(name, null)));
    }
    try (var opened = cluster.open()) {
      return told(checks(opened));
    }
  }

  private int told(List<Check> checks) {
    var out = spec.commandLine().getOut();
    out.print(output.format().write(checks, () -> Check.text(checks, terminal.style())));
    out.flush();
    return (checks.stream().anyMatch(Check::isFailure) ? ExitCode.NOT_DONE : ExitCode.DONE)
        .number();
  }

  private static List<Check> checks(LocalProject project) throws CommandFailure {
    var database = new LocalDatabase(project);
    return switch (RoleLook.take(database.settings(), TIMEOUT)) {
      case Answer.Refused refused -> List.of(RoleVerdicts.refused(refused));
      case Answer.Told(var found) -> {
        var checks = new ArrayList<>(RoleVerdicts.of(found, Instant.now()));
        checks.add(DatabaseExamination.state(database.decide().database()));
        yield checks;
      }
    };
  }

  private List<Check> checks(Cluster opened) throws CommandFailure {
    var checks = new ArrayList<>(new ClusterExamination(opened, job.operatorNamespace()).checks());
    if (name != null) {
      var err = spec.commandLine().getErr();
      checks.addAll(new DatabaseExamination(opened, opened.database(name)).checks(job, err));
    }
    return checks;
  }
}
