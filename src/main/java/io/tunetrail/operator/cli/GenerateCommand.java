package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.TuneTrailDatabase;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a project's Alembic write its next revision. */
@Command(
    name = "generate",
    description = {
      "Writes the next revision: what the image's models have and its revisions do not make.",
      "It is made on a scratch database; the live one is not touched. With --local the project's"
          + " own Python does it."
    })
final class GenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private LocalOptions local = new LocalOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "MESSAGE", description = "What the revision is for.")
  private String message = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "The project's folder, where the file goes; here where it is left out.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    var err = spec.commandLine().getErr();
    if (local.isGiven()) {
      var project = local.project(name, null);
      return drafted(project.resource(), new AlembicRun.Here(project, err));
    }
    try (var opened = cluster.open()) {
      return drafted(opened.resource(name), new AlembicRun.InCluster(opened, job, err));
    }
  }

  private int drafted(TuneTrailDatabase resource, AlembicRun run) throws CommandFailure {
    var work = AlembicWork.generate(resource, message);
    new Drafting(run, work, spec.commandLine().getOut())
        .into(output, "models and migrations agree, nothing to generate");
    return 0;
  }
}
