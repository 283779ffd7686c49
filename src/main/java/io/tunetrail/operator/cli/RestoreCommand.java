package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.status.Conditions;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings a backup back. */
@Command(
    name = "restore",
    description = {
      "Shows what a restore would do, asks, makes the TuneTrailRestore and waits for it.",
      "Into a new database, or in place, which this approves in the name of whoever runs it; or "
          + "approves one that waits for that."
    })
final class RestoreCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private RestoreOptions options = new RestoreOptions();
  @Mixin private WaitOptions waiting = new WaitOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var offer =
          RestoreOffer.of(
              new BackupPlaces(opened, opened.database(name)),
              options,
              opened.user(),
              Instant.now());
      var out = spec.commandLine().getOut();
      out.print(offer.words());
      out.flush();
      if (!yes && !terminal.confirms("Restore it?")) {
        throw new CommandFailure(name + " stays as it is");
      }
      var asked = offer.carryOut(opened);
      var polling = Polling.of(waiting.timeout(), terminal, spec.commandLine().getErr());
      out.println(polling.until(progress -> restored(opened, asked, progress)));
      return 0;
    }
  }

  private static Optional<String> restored(
      Cluster opened, TuneTrailRestore asked, Consumer<String> progress) throws CommandFailure {
    var name = asked.getMetadata().getName();
    var restore = opened.client().resource(asked).get();
    if (restore == null) {
      throw new CommandFailure("somebody deleted TuneTrailRestore %s".formatted(name));
    }
    var status = restore.getStatus();
    var phase = status == null ? null : status.phase();
    var words =
        status == null
            ? "the operator has not looked at it yet"
            : Conditions.find(status.conditions(), Conditions.READY)
                .map(Condition::message)
                .orElse("");
    if (phase == RestorePhase.RESTORED) {
      return Optional.of("%s: %s".formatted(name, words));
    }
    if (phase == RestorePhase.FAILED) {
      throw new CommandFailure(ExitCode.STALLED, "%s: %s".formatted(name, words));
    }
    progress.accept("%s: %s".formatted(name, words));
    return Optional.empty();
  }
}
