package io.tunetrail.operator.cli;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs once more what failed. */
@Command(
    name = "retry",
    description = "Runs once more what failed by its own fault, by a new migration.retry token.")
final class RetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private NotLocal notLocal = new NotLocal();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Override
  public Integer call() throws CommandFailure {
    notLocal.refuse(spec, "what failed is tried again whenever migrate --local runs");
    try (var opened = cluster.open()) {
      var database = opened.database(name);
      var token = Instant.now().toString();
      opened.change(
          database.resource(), Change.ofSpec(Map.of("migration", Map.of("retry", token))));
      spec.commandLine()
          .getOut()
          .printf(
              "%1$s: migration.retry is %2$s; see how it goes by kubectl tunetrail wait %1$s%n",
              name, token);
      return 0;
    }
  }
}
