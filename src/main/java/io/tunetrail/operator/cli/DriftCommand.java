package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      return told(new LocalDatabase(local.project(name.given(), null)).decide().database());
    }
    try (var opened = cluster.open()) {
      return told(opened.database(name.required()));
    }
  }

  private int told(Database database) throws CommandFailure {
    if (!DriftText.isKnown(database)) {
      throw new CommandFailure(
          "the operator has recorded no schema of %s yet; it does after the next migration"
              .formatted(database.name()));
    }
    var out = spec.commandLine().getOut();
    out.print(output.format().write(value(database), () -> text(database)));
    out.flush();
    return (DriftText.isDrifted(database) ? ExitCode.NOT_DONE : ExitCode.DONE).number();
  }

  private static Object value(Database database) {
    var value = new HashMap<String, @Nullable Object>();
    value.put("drifted", DriftText.isDrifted(database));
    value.put("drift", database.json().at("/status/drift"));
    return value;
  }

  private static String text(Database database) {
    var message = database.condition(DriftText.DRIFTED).map(Condition::message).orElse("");
    if (!DriftText.isDrifted(database)) {
      return "%s: %s\n"
          .formatted(
              database.name(),
              message.isEmpty() ? "the schema is as the last migration left it" : message);
    }
    return "%s: %s\n%s"
        .formatted(
            database.name(),
            message.isEmpty() ? "the schema is not as it was recorded" : message,
            DriftText.of(database, ""));
  }
}
