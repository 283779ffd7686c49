package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.SchemaLook;
import io.tunetrail.operator.database.SchemaLook.Answer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a database holds. */
@Command(
    name = "schema",
    description = {
      "Writes a database's documentation as Markdown with a diagram, on a way of one's own to it.",
      "Tables, columns, types, keys, indexes and enumerations are in it; it only reads."
    })
final class SchemaCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private LocalOptions local = new LocalOptions();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase, where the file of --local has several.")
  private @Nullable String name;

  @Override
  public Integer call() throws CommandFailure {
    if (!local.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--local is missing: schema looks at the database from here");
    }
    var project = local.project(name, null);
    var flyway = project.desired().flyway();
    var histories = flyway == null ? Set.<String>of() : Set.of(flyway.table());
    return switch (SchemaLook.take(new LocalDatabase(project).settings(), histories, TIMEOUT)) {
      case Answer.Told(var schema) -> {
        var out = spec.commandLine().getOut();
        out.print(new SchemaDocument(project.resource().getMetadata().getName(), schema).text());
        out.flush();
        yield 0;
      }
      case Answer.Refused(String detail) -> throw new CommandFailure(detail);
    };
  }
}
