package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets the version that a database should have. */
@Command(
    name = "target",
    description = "Sets the version that a database should have, and says what would run.")
final class TargetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private NotLocal notLocal = new NotLocal();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = {
        "A version, latest, or so many versions from the database's own: +1, -2; for Alembic",
        "also of a branch: LABEL@-1."
      })
  private String to = "";

  @Option(names = "--dry-run", description = "Says what would run, and changes nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws CommandFailure {
    notLocal.refuse(
        spec, "set spec.targetVersion in the manifest, or say migrate --to or undo --to");
    try (var opened = cluster.open()) {
      var targeting = Targeting.of(opened, name, to, false);
      var retargeting = targeting.retargeting();
      if (!dryRun) {
        opened.change(retargeting.resource(), targeting.change());
      }
      var out = spec.commandLine().getOut();
      out.println(targeting.words() + (dryRun ? ", not changed" : ""));
      retargeting.remaining(targeting.move()).ifPresent(out::println);
      return 0;
    }
  }
}
