package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.Database.DriftSummary;
import io.tunetrail.operator.status.Conditions;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What differs from the schema that was recorded after the last migration. */
final class DriftText {
  /** The condition that says so. */
  static final String DRIFTED = "Drifted";

  private DriftText() {}

  static boolean isDrifted(Database database) {
    return Conditions.isTrue(
            database.status() == null ? null : database.status().conditions(), DRIFTED)
        || (database.condition(DRIFTED).isEmpty() && names(database.extras().drift()) > 0);
  }

  /** Whether the operator tells of it at all. */
  static boolean isKnown(Database database) {
    return database.extras().drift() != null
        || database.condition(DRIFTED).isPresent()
        || database.json().at("/status/schemaDigest").isTextual();
  }

  /** An object a line, with + for what came, - for what is gone, ~ for what is otherwise. */
  static String of(Database database, String margin) {
    var drift = database.extras().drift();
    if (drift == null) {
      return "";
    }
    int more = drift.count() == null ? 0 : drift.count() - names(drift);
    return lines(margin + "+ ", drift.added())
        + lines(margin + "- ", drift.removed())
        + lines(margin + "~ ", drift.changed())
        + (more > 0 ? "%sand %d more\n".formatted(margin, more) : "");
  }

  private static String lines(String mark, @Nullable List<String> names) {
    return orNone(names).stream().map(it -> mark + it + "\n").collect(Collectors.joining());
  }

  private static int names(@Nullable DriftSummary drift) {
    return drift == null
        ? 0
        : orNone(drift.added()).size()
            + orNone(drift.removed()).size()
            + orNone(drift.changed()).size();
  }

  private static List<String> orNone(@Nullable List<String> names) {
    return names == null ? List.of() : names;
  }
}
