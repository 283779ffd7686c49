package io.tunetrail.operator.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
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
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private NotLocal notLocal = new NotLocal();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  @Mixin private ApprovalTerms terms = new ApprovalTerms();

  ApproveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    notLocal.refuse(spec, "what is approved is in the manifest itself, in spec.approval");
    terms.check(spec, Instant.now());
    try (var opened = cluster.open()) {
      var offer = offer(opened);
      var out = spec.commandLine().getOut();
      out.print(offer.words());
      var plan = new PlanReader(opened).of(offer.database());
      plan.ifPresent(it -> out.print("\n" + new PlanText(it, terminal.style()).text()));
      out.flush();
      if (offer.isDestructive() && !terms.destructive) {
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

  private void approve(Cluster opened, Offer shown) throws CommandFailure {
    opened.change(
        shown.database().resource(),
        shown.approval(opened.user(), terms),
        () -> {
          var offer = offer(opened);
          if (!offer.isSameAs(shown)) {
            throw new CommandFailure(
                "what waits for an approval in %s is another now; look at it again"
                    .formatted(name));
          }
          return offer.database().resource();
        });
  }
}
