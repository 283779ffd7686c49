package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what was changed by hand. */
@Command(
    name = "drift",
    description = {
      "Shows what differs from the schema that was recorded after the last migration.",
      "+ came, - is gone, ~ is otherwise; ends with 0 where nothing does and with 1 "
          + "where something does."
    })
final class DriftCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var database = opened.database(name);
      if (!DriftText.isKnown(database)) {
        throw new CommandFailure(
            "the operator has recorded no schema of %s yet; it does after the next migration"
                .formatted(name));
      }
      var out = spec.commandLine().getOut();
      out.print(output.format().write(value(database), () -> text(database)));
      out.flush();
      return (DriftText.isDrifted(database) ? ExitCode.NOT_DONE : ExitCode.DONE).number();
    }
  }

  private static Object value(Database database) {
    var value = new HashMap<String, @Nullable Object>();
    value.put("drifted", DriftText.isDrifted(database));
    value.put("drift", database.json().at("/status/drift"));
    return value;
  }

  private String text(Database database) {
    var message = database.condition(DriftText.DRIFTED).map(Condition::message).orElse("");
    return DriftText.isDrifted(database)
        ? "%s: %s\n%s"
            .formatted(
                name,
                message.isEmpty() ? "the schema is not as it was recorded" : message,
                DriftText.of(database, ""))
        : "%s: the schema is as the last migration left it\n".formatted(name);
  }
}
