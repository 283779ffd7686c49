package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets what waits run. */
@Command(
    name = "approve",
    description =
        "Shows what waits for an approval, asks, and approves exactly that, by its "
            + "digest and in the name of whoever runs this.")
final class ApproveCommand implements Callable<Integer> {
  private static final int CONFLICT = 409;
  private static final int TRIES = 3;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  @Option(
      names = "--destructive",
      description = "Also where the plan removes or rewrites what is there.")
  private boolean destructive;

  @Option(names = "--comment", paramLabel = "TEXT", description = "Kept with the approval.")
  private @Nullable String comment;

  ApproveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var offer = offer(opened);
      var out = spec.commandLine().getOut();
      out.print(offer.words());
      var plan = new PlanReader(opened).of(offer.database());
      plan.ifPresent(it -> out.print("\n" + new PlanText(it, terminal.style()).text()));
      out.flush();
      if (offer.isDestructive() && !destructive) {
        throw new CommandFailure(
            "the plan of %s is destructive; say --destructive if that is meant".formatted(name));
      }
      if (!yes && !terminal.confirms("Approve it?")) {
        throw new CommandFailure(name + " is not approved");
      }
      approve(opened, offer);
      out.printf("%s: version %s is approved%n", name, offer.version());
      return 0;
    }
  }

  private Offer offer(Cluster opened) throws CommandFailure {
    return Offer.of(opened.database(name), new VersionLines(opened)::of);
  }

  /**
   * What the operator notes of the database meanwhile, its size perhaps, is no other thing to
   * approve.
   */
  private void approve(Cluster opened, Offer shown) throws CommandFailure {
    var change = shown.approval(opened.user(), comment, destructive);
    var offer = shown;
    for (int tries = 1; ; tries++) {
      try {
        opened.change(offer.database().resource(), change);
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT || tries == TRIES) {
          throw e;
        }
      }
      offer = offer(opened);
      if (!offer.isSameAs(shown)) {
        throw new CommandFailure(
            "what waits for an approval in %s is another now; look at it again".formatted(name));
      }
    }
  }
}
