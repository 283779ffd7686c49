package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.SchemaLook;
import io.tunetrail.operator.database.SchemaLook.Answer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes what a database holds. */
@Command(
    name = "schema",
    description = {
      "Writes a database's documentation as Markdown with a diagram.",
      "Tables, columns, types, keys, indexes and enumerations are in it. A Job of the resource's"
          + " namespace",
      "reads them, with --local this program; it only reads."
    })
final class SchemaCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private JobOptions job = new JobOptions();

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      var project = local.project(name.given(), null);
      return told(project.resource().getMetadata().getName(), here(project));
    }
    var named = name.required();
    try (var opened = cluster.open()) {
      var timeout = job.timeout(JobExamination.PATIENCE);
      var err = spec.commandLine().getErr();
      var resource = opened.resource(named);
      return told(
          named, new JobExamination(opened, job.image(opened), timeout, err).schema(resource));
    }
  }

  private static Answer here(LocalProject project) throws CommandFailure {
    var flyway = project.desired().flyway();
    var histories = flyway == null ? Set.<String>of() : Set.of(flyway.table());
    return SchemaLook.take(new LocalDatabase(project).settings(), histories, TIMEOUT);
  }

  private int told(String title, Answer answer) throws CommandFailure {
    return switch (answer) {
      case Answer.Told(var schema) -> {
        var out = spec.commandLine().getOut();
        out.print(new SchemaDocument(title, schema).text());
        out.flush();
        yield 0;
      }
      case Answer.Refused(String detail) -> throw new CommandFailure(detail);
    };
  }
}
