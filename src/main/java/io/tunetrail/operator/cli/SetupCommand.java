package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.TuneTrailDatabase;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a project's first revision, and Alembic's own files around it. */
@Command(
    name = "setup",
    description = {
      "Writes a project's first revision from its models, with alembic.ini, env.py "
          + "and versions/ where there are none.",
      "It is made on a scratch database; the live one is only read, to say where it "
          + "differs from what the revision makes. With --local the project's own Python does it."
    })
final class SetupCommand implements Callable<Integer> {
  private static final String METADATA = "[A-Za-z_][\\w.]*:[A-Za-z_][\\w.]*";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private LocalOptions local = new LocalOptions();

  @Option(
      names = "--metadata",
      required = true,
      paramLabel = "MODULE:NAME",
      description = {
        "Where the image's models are: a module that imports all of them, and the MetaData in it,",
        "as in package.models:Base.metadata."
      })
  private String metadata = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "The project's folder, where the files go; here where it is left out.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    if (!metadata.matches(METADATA)) {
      throw new ParameterException(
          spec.commandLine(),
          "--metadata %s is not like package.models:Base.metadata".formatted(metadata));
    }
    var err = spec.commandLine().getErr();
    if (local.isGiven()) {
      var project = local.project(name.given(), null);
      return drafted(project.resource(), new AlembicRun.Here(project, err));
    }
    try (var opened = cluster.open()) {
      var resource = opened.resource(name.required());
      return drafted(resource, new AlembicRun.InCluster(opened, job, err));
    }
  }

  private int drafted(TuneTrailDatabase resource, AlembicRun run) throws CommandFailure {
    var work = AlembicWork.setup(resource, metadata);
    new Drafting(run, work, spec.commandLine().getOut())
        .into(
            output, "%s has no tables; name a module that imports all models".formatted(metadata));
    return 0;
  }
}
