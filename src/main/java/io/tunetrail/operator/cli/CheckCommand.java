package io.tunetrail.operator.cli;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says where models and database differ. */
@Command(
    name = "check",
    description = {
      "Says where the image's models and the live database differ, one difference a " + "line.",
      "Ends with 0 where they agree and with 1 where they differ. It only reads."
    })
final class CheckCommand implements Callable<Integer> {
  private static final int DIFFER = 1;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private JobOptions options = new JobOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var work = AlembicWork.check(opened.resource(name));
      var job = work.job(UUID.randomUUID().toString(), options.image(opened));
      var commandLine = spec.commandLine();
      var end = JobRun.of(opened, job, options.timeout(), commandLine.getErr());
      return switch (end.outcome()) {
        case DONE -> {
          commandLine.getOut().println("models and database agree");
          yield 0;
        }
        case SCHEMA_DIFFERS -> {
          Differences.in(end.log()).forEach(commandLine.getOut()::println);
          yield DIFFER;
        }
        default ->
            throw new CommandFailure(
                "%s; see %s".formatted(end.detail(), JobRun.logsOf(job, opened.namespace())));
      };
    }
  }
}
