package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Adopted;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tunetrail.history remembers, as far as one resource needs it; each null where it remembers
 * nothing.
 *
 * @param strictest environment the database was ever worked on as
 * @param createAllDigest the inputs that create-all applied last
 * @param seedDigest the fixtures that this resource put in since it changed the schema last
 * @param unended the newest script outside a transaction that no work saw end
 * @param lastWork on the same history schema
 * @param migratedBefore whether a work on the same history schema ever ended well
 * @param lastAdoption the newest on the same history schema that ended well
 * @param history the newest works on the same history schema or for the resource, newest first
 */
record WorkMemory(
    @Nullable Environment strictest,
    @Nullable String createAllDigest,
    @Nullable String seedDigest,
    @Nullable InterruptedScript unended,
    @Nullable LastMigration lastWork,
    boolean migratedBefore,
    @Nullable Adopted lastAdoption,
    List<LastMigration> history) {

  static final WorkMemory NONE =
      new WorkMemory(null, null, null, null, null, false, null, List.of());

  private static final String EXISTS =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'tunetrail' AND c.relname = 'history')
      """;

  private static final String ENVIRONMENTS_AND_DIGESTS =
      """
      SELECT pg_catalog.max(format), pg_catalog.array_agg(DISTINCT environment),
        (SELECT c.inputs_digest FROM tunetrail.history c
         WHERE c.work = 'create-all' AND c.outcome = 'Done' ORDER BY c.id DESC LIMIT 1),
        (SELECT CASE WHEN s.work = 'seed' THEN s.inputs_digest END FROM tunetrail.history s
         WHERE s.resource_uid = ? AND s.outcome = 'Done' ORDER BY s.id DESC LIMIT 1)
      FROM tunetrail.history
      """;

  /** A table of an earlier release, of which another role is the owner, has not every column. */
  private static final String WORK =
      """
      SELECT job, outcome, from_version, to_version, started_at, finished_at, approved_by, work,
        pg_catalog.to_jsonb(history) OPERATOR(pg_catalog.->>) 'approval_digest',
        pg_catalog.to_jsonb(history) OPERATOR(pg_catalog.->>) 'requested_by'
      FROM tunetrail.history
      """;

  private static final String LAST =
      WORK
          + """
          WHERE history_schema IS NOT DISTINCT FROM ? AND work <> 'seed' ORDER BY id DESC LIMIT 1
          """;

  /** A resource that changes its edition has works with and without an engine's history. */
  private static final String HISTORY =
      WORK
          + """
          WHERE (history_schema IS NOT DISTINCT FROM ? OR resource_uid = ?) AND work <> 'seed'
          ORDER BY id DESC LIMIT ?
          """;

  private static final String MIGRATED_BEFORE =
      """
      SELECT EXISTS (
        SELECT FROM tunetrail.history
        WHERE history_schema = ? AND work IN ('migrate', 'undo', 'baseline') AND outcome = 'Done')
      """;

  private static final String LAST_ADOPTION =
      """
      SELECT to_version, retry FROM tunetrail.history
      WHERE history_schema = ? AND work = 'baseline' AND outcome = 'Done'
        AND to_version IS NOT NULL
      ORDER BY id DESC LIMIT 1
      """;

  /** A newer work that got beyond it has closed the row, so that only the newest can be open. */
  private static final String UNENDED =
      """
      SELECT running_script, job, retry FROM tunetrail.history
      WHERE history_schema IS NOT DISTINCT FROM ? AND finished_at IS NULL AND running_script IS NOT NULL
      ORDER BY id DESC LIMIT 1
      """;

  /**
   * Reads the table, if it is there.
   *
   * @param historySchema null for create-all
   * @param held whether somebody works now, so that an unfinished row is not lost but under way
   * @param resourceUid whose fixtures
   * @throws NewerHistory where a newer release wrote what this one could misread
   */
  static WorkMemory read(
      Connection connection, @Nullable String historySchema, boolean held, String resourceUid)
      throws SQLException {
    if (!exists(connection)) {
      return NONE;
    }
    try (var query = connection.prepareStatement(ENVIRONMENTS_AND_DIGESTS)) {
      query.setString(1, resourceUid);
      return Rows.single(
          query,
          row -> {
            NewerHistory.refuse(row.getInt(1));
            return new WorkMemory(
                strictest(texts(row.getArray(2))),
                row.getString(3),
                row.getString(4),
                unended(connection, historySchema).orElse(null),
                last(connection, historySchema, held),
                migratedBefore(connection, historySchema),
                lastAdoption(connection, historySchema),
                history(connection, historySchema, held, resourceUid));
          });
    }
  }

  /** Whether the newest work has no end. */
  boolean isOpen() {
    return Stream.concat(Stream.ofNullable(lastWork), history.stream().limit(1))
        .anyMatch(it -> it.finished() == null);
  }

  static boolean exists(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(EXISTS)) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  static Optional<InterruptedScript> unended(Connection connection, @Nullable String historySchema)
      throws SQLException {
    try (var query = connection.prepareStatement(UNENDED)) {
      query.setString(1, historySchema);
      return Rows.all(
              query,
              row -> new InterruptedScript(row.getString(1), row.getString(2), row.getString(3)))
          .stream()
          .findFirst();
    }
  }

  private static @Nullable LastMigration last(
      Connection connection, @Nullable String historySchema, boolean held) throws SQLException {
    try (var query = connection.prepareStatement(LAST)) {
      query.setString(1, historySchema);
      return Rows.all(query, row -> work(row, held)).stream().findFirst().orElse(null);
    }
  }

  private static List<LastMigration> history(
      Connection connection, @Nullable String historySchema, boolean held, String resourceUid)
      throws SQLException {
    try (var query = connection.prepareStatement(HISTORY)) {
      query.setString(1, historySchema);
      query.setString(2, resourceUid);
      query.setInt(3, DatabaseFacts.REMEMBERED);
      return List.copyOf(Rows.all(query, row -> work(row, held && row.getRow() == 1)));
    }
  }

  private static boolean migratedBefore(Connection connection, @Nullable String historySchema)
      throws SQLException {
    try (var query = connection.prepareStatement(MIGRATED_BEFORE)) {
      query.setString(1, historySchema);
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static @Nullable Adopted lastAdoption(
      Connection connection, @Nullable String historySchema) throws SQLException {
    try (var query = connection.prepareStatement(LAST_ADOPTION)) {
      query.setString(1, historySchema);
      return Rows.all(query, row -> new Adopted(row.getString(1), row.getString(2))).stream()
          .findFirst()
          .orElse(null);
    }
  }

  private static LastMigration work(ResultSet row, boolean held) throws SQLException {
    return new LastMigration(
        row.getString(1),
        Objects.requireNonNullElse(row.getString(2), held ? "Running" : "JobLost"),
        row.getString(3),
        row.getString(4),
        time(row, 5),
        time(row, 6),
        null,
        row.getString(7),
        row.getString(8),
        row.getString(9),
        null,
        row.getString(10),
        null);
  }

  private static @Nullable String time(ResultSet row, int column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant().toString();
  }

  /** Null for a table without rows. */
  private static String[] texts(@Nullable Array array) throws SQLException {
    return array == null ? new String[0] : (String[]) array.getArray();
  }

  private static @Nullable Environment strictest(String[] environments) {
    return Stream.of(environments)
        .flatMap(WorkMemory::known)
        .max(Environment::compareTo)
        .orElse(null);
  }

  /** A text that is no environment any more was cleared by the database's owner. */
  private static Stream<Environment> known(@Nullable String text) {
    return Stream.of(Environment.values()).filter(it -> it.toString().equals(text));
  }
}
