package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says where models and database differ. */
@Command(
    name = "check",
    description = {
      "Says where the image's models and the live database differ, one difference a " + "line.",
      "Ends with 0 where they agree and with 1 where they differ. It only reads. With --local the"
          + " project's own Python does it."
    })
final class CheckCommand implements Callable<Integer> {
  private static final int DIFFER = 1;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private JobOptions options = new JobOptions();
  @Mixin private LocalOptions local = new LocalOptions();

  @Override
  public Integer call() throws CommandFailure {
    var err = spec.commandLine().getErr();
    if (local.isGiven()) {
      var project = local.project(name.given(), null);
      var database = new LocalDatabase(project).decide().database();
      return told(new AlembicRun.Here(project, err).of(AlembicWork.check(database.resource())));
    }
    try (var opened = cluster.open()) {
      var work = AlembicWork.check(opened.resource(name.required()));
      return told(new AlembicRun.InCluster(opened, options, err).of(work));
    }
  }

  private int told(JobRun.End end) throws CommandFailure {
    var out = spec.commandLine().getOut();
    return switch (end.outcome()) {
      case DONE -> {
        out.println("models and database agree");
        yield 0;
      }
      case SCHEMA_DIFFERS -> {
        Differences.in(end.log()).forEach(out::println);
        yield DIFFER;
      }
      default -> throw new CommandFailure(end.detail());
    };
  }
}
