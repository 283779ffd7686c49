package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps what waits from running. */
@Command(
    name = "reject",
    description = {
      "Takes an approval away, or says that there will be none, and why, in the "
          + "resource's annotations.",
      "What runs already is not stopped."
    })
final class RejectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private NotLocal notLocal = new NotLocal();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
  private @Nullable String comment;

  @Override
  public Integer call() throws CommandFailure {
    notLocal.refuse(spec, "take spec.approval out of the manifest, and nothing runs");
    try (var opened = cluster.open()) {
      var database = opened.database(name);
      boolean approved = database.resource().getSpec().approval() != null;
      if (!approved && !database.awaitsApproval()) {
        throw new CommandFailure(
            "there is nothing to reject: %s has no approval and waits for none".formatted(name));
      }
      opened.change(database.resource(), Rejection.by(opened.user(), comment));
      spec.commandLine()
          .getOut()
          .printf("%s: %s%n", name, approved ? "its approval is taken away" : "it is rejected");
      return 0;
    }
  }
}
