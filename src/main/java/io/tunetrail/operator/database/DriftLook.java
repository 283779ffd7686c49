package io.tunetrail.operator.database;

import io.tunetrail.operator.database.LookCache.DriftKey;
import io.tunetrail.operator.database.RecordedSchema.Recording;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaDrift.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look at what became of a schema since the newest work recorded it. While nothing changed that
 * costs two short queries, however many tables there are.
 *
 * @param historySchema where the engine's history is; null for create-all
 * @param ownSchema where unqualified names go, or the history's
 * @param table the name of the engine's history; null for create-all
 */
record DriftLook(
    Connection connection,
    LookRequest request,
    @Nullable String historySchema,
    @Nullable String ownSchema,
    @Nullable String table) {

  private static final String OTHER_SCHEMAS =
      """
      SELECT DISTINCT pg_catalog.quote_ident(h.history_schema) FROM tunetrail.history h
      WHERE h.resource_uid <> ? AND h.history_schema IS DISTINCT FROM ?
        AND h.history_schema NOT IN (
          SELECT m.history_schema FROM tunetrail.history m
          WHERE m.resource_uid = ? AND m.history_schema IS NOT NULL)
      ORDER BY 1
      """;

  private static final String QUOTED =
      "SELECT pg_catalog.quote_ident(t) FROM pg_catalog.unnest(?::pg_catalog.text[]) t ORDER BY 1";

  /** The newest work; what is compared holds only as long as it is the newest. */
  Optional<RecordedSchema> newest() throws SQLException {
    return RecordedSchema.newest(connection, historySchema, request.resourceUid());
  }

  /**
   * What became of it. Where the catalog can't be read in time, as while somebody locks it, the
   * look goes on without.
   */
  SchemaDrift since(
      RecordedSchema newest, int serverVersion, String identity, LookCache cache, Duration patience)
      throws SQLException {
    var record = newest.record();
    if (record == null) {
      return SchemaDrift.not("Done".equals(newest.outcome()) ? State.UNRECORDED : State.UNFINISHED);
    }
    var state = comparable(record, serverVersion / 10000);
    var scope = scope();
    var token = SchemaSnapshot.token(connection);
    if (state == State.COMPARED && scope.isAll() && token.equals(record.token())) {
      return drift(state, newest, record.fingerprint(), record.fingerprint(), unchanged());
    }
    var question = new DriftKey(identity, newest, token, scope);
    var known = cache.drift().get(question);
    if (known == null || known.state() != state) {
      known = read(state, newest, scope, patience);
      if (known.state() == state) {
        cache.drift().put(question, known);
      }
    }
    return known;
  }

  private static State comparable(Recording record, int serverMajor) {
    if (record.serverMajor() != serverMajor) {
      return State.OTHER_SERVER;
    }
    return record.format() == RecordedSchemaTable.FORMAT ? State.COMPARED : State.OTHER_FORMAT;
  }

  private static SnapshotDifferences unchanged() {
    return new SnapshotDifferences(List.of(), List.of(), List.of());
  }

  /** Going back to where it began takes the limits back that are set here. */
  private SchemaDrift read(State state, RecordedSchema newest, DriftScope scope, Duration patience)
      throws SQLException {
    var begin = connection.setSavepoint();
    try {
      try (var statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = '500ms'");
      }
      var now = scope.of(SchemaSnapshot.read(connection, tables(), patience));
      var before = scope.of(newest.snapshot(connection));
      var found = SnapshotDifferences.between(before, now);
      return drift(
          state,
          newest,
          now.fingerprint(),
          before.fingerprint(),
          state == State.COMPARED ? found : found.byName());
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      return SchemaDrift.not(State.UNREAD);
    } finally {
      if (!connection.isClosed()) {
        connection.rollback(begin);
      }
    }
  }

  private static SchemaDrift drift(
      State state,
      RecordedSchema newest,
      String digest,
      String recorded,
      SnapshotDifferences found) {
    int left = SchemaDrift.NAMED;
    var added = first(left, found.added());
    left -= added.size();
    var removed = first(left, found.removed());
    left -= removed.size();
    return new SchemaDrift(
        state,
        digest,
        recorded,
        newest.endedAt(),
        added,
        removed,
        first(left, found.changed()),
        state == State.COMPARED ? found.count() : 0);
  }

  private static List<String> first(int most, List<String> names) {
    return List.copyOf(names.subList(0, Math.min(most, names.size())));
  }

  private List<String> tables() {
    return table == null ? List.of() : List.of(table);
  }

  private DriftScope scope() throws SQLException {
    var tables = new ArrayList<String>();
    request.others().stream().map(HistoryTable::table).forEach(tables::add);
    return new DriftScope(request.ignoredDrift(), otherSchemas(), quoted(tables));
  }

  private List<String> otherSchemas() throws SQLException {
    try (var query = connection.prepareStatement(OTHER_SCHEMAS)) {
      query.setString(1, request.resourceUid());
      query.setString(2, Objects.requireNonNullElse(historySchema, ownSchema));
      query.setString(3, request.resourceUid());
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private List<String> quoted(List<String> names) throws SQLException {
    if (names.isEmpty()) {
      return names;
    }
    try (var query = connection.prepareStatement(QUOTED)) {
      query.setArray(1, connection.createArrayOf("text", names.toArray()));
      return Rows.all(query, row -> row.getString(1));
    }
  }
}
