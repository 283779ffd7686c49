package io.tunetrail.operator.database;

import io.tunetrail.operator.database.SchemaSnapshot.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a {@link SchemaSnapshot}, in a transaction of a session that has only PostgreSQL's
 * own names in sight.
 */
final class SnapshotReader {
  /** PostgreSQL locks all that a view reads; so many at once never fill its table of locks. */
  private static final int VIEWS_AT_ONCE = 200;

  /** How PostgreSQL spells constants hangs on these. */
  private static final String SPELLING =
      """
      SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
        set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
        set_config('extra_float_digits', '1', true), set_config('quote_all_identifiers', 'off', true)
      """;

  private final Connection connection;
  private final Object[] withoutTables;
  private final long deadline;
  private final SchemaSnapshot snapshot = new SchemaSnapshot();

  SnapshotReader(Connection connection, Collection<String> withoutTables, Duration patience) {
    this.connection = connection;
    deadline = System.nanoTime() + patience.toNanos();
    this.withoutTables =
        Stream.concat(withoutTables.stream(), Stream.of("flyway_schema_history", "alembic_version"))
            .toArray();
  }

  SchemaSnapshot read() throws SQLException {
    try (var query = connection.prepareStatement(SPELLING)) {
      query.execute();
    }
    for (var sql : SnapshotQueries.ALL) {
      try (var query = query(sql)) {
        collect(query);
      }
    }
    List<Long> views;
    try (var query = query(SnapshotQueries.VIEWS)) {
      views = Rows.all(query, row -> row.getLong(1));
    }
    for (int first = 0; first < views.size(); first += VIEWS_AT_ONCE) {
      views(views.subList(first, Math.min(first + VIEWS_AT_ONCE, views.size())));
    }
    return snapshot;
  }

  static String token(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(SnapshotQueries.TOKEN)) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  /** Going back to where it began gives the locks back. */
  private void views(List<Long> some) throws SQLException {
    var begin = connection.setSavepoint();
    try (var query = query(SnapshotQueries.VIEW_DEFINITIONS)) {
      query.setArray(2, connection.createArrayOf("oid", some.toArray()));
      collect(query);
    }
    connection.rollback(begin);
  }

  private PreparedStatement query(String sql) throws SQLException {
    setTimeout();
    var query = connection.prepareStatement(sql);
    query.setArray(1, connection.createArrayOf("name", withoutTables));
    return query;
  }

  private void setTimeout() throws SQLException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SQLTimeoutException("the catalog is not read in time", "57014");
    }
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = " + left);
    }
  }

  private void collect(PreparedStatement query) throws SQLException {
    try (var rows = query.executeQuery()) {
      while (rows.next()) {
        snapshot.add(new Part(rows.getString(1), rows.getString(2)), definition(rows.getString(3)));
      }
    }
  }

  /** What was dropped while it was read has none. */
  private static String definition(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
