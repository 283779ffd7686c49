package io.tunetrail.operator.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/** Reads what the schemas of users hold; it changes nothing. */
public final class SchemaLook {
  private SchemaLook() {}

  /** What there is, or why it can't be told. */
  public sealed interface Answer {
    record Told(SchemaDescription schema) implements Answer {}

    /** {@code detail} is free of secrets. */
    record Refused(String detail) implements Answer {}
  }

  /**
   * Looks within a time.
   *
   * @param withoutTables names of tables that are somebody else's, as an engine's history
   */
  public static Answer take(
      ConnectionSettings settings, Set<String> withoutTables, Duration timeout) {
    try (var sessions = new LookSessions(settings, "tunetrail", timeout)) {
      try (var connection = sessions.openReadOnly()) {
        return new Answer.Told(
            SchemaDescription.read(
                connection, SchemaDescription.userSchemas(connection), withoutTables));
      } catch (SQLException e) {
        return new Answer.Refused(
            sessions.isOver()
                ? "%s:%d did not answer in time".formatted(settings.host(), settings.port())
                : SqlFailure.of(e, settings).detail());
      }
    }
  }
}
