package io.tunetrail.operator.database;

import io.tunetrail.operator.analysis.TableSize;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How large the tables are that statements name. No row is read; to measure its files, a table is
 * locked as a SELECT does, for a moment, and so waits for who holds it alone: no longer than the
 * session's lock_timeout.
 */
public final class LiveTables {
  private static final Pattern NAME =
      Pattern.compile(
          "(\"([^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)"
              + "(\\.(\"([^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*))?");

  /** Resolved as the session finds names, and so without an operator. */
  private static final String RESOLVE =
      """
      SELECT a.name, pg_catalog.to_regclass(a.name)::pg_catalog.oid::pg_catalog.int8
      FROM pg_catalog.unnest(?::pg_catalog.text[]) a(name)
      """;

  /** A partitioned table has no files, its partitions have them; a view is as small as it looks. */
  private static final String SIZES =
      """
      SELECT c.oid::pg_catalog.int8, pg_catalog.format('%I.%I', n.nspname, c.relname), s.bytes,
        CASE WHEN s.counted THEN s.rows END
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (
          SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(x.oid))::pg_catalog.int8 AS bytes,
            pg_catalog.sum(CASE WHEN x.relkind <> 'p' THEN x.reltuples ELSE 0 END)::pg_catalog.int8
              AS rows,
            pg_catalog.bool_and(x.reltuples >= 0 OR x.relkind = 'p') AS counted
          FROM (SELECT c.oid UNION SELECT t.relid::pg_catalog.oid
                FROM pg_catalog.pg_partition_tree(c.oid::pg_catalog.regclass) t) p(oid)
            JOIN pg_catalog.pg_class x ON x.oid = p.oid) s
      WHERE c.oid = ANY (?::pg_catalog.oid[]) AND c.relkind IN ('r', 'p', 'm', 'f', 'v')
      """;

  private LiveTables() {}

  /**
   * The sizes by name; what is no table of the database is left out.
   *
   * @param connection a session with the search path that the statements will have
   * @param names as SQL writes them
   */
  public static Map<String, TableSize> sizes(Connection connection, Collection<String> names)
      throws SQLException {
    var oids =
        resolved(connection, names.stream().filter(it -> NAME.matcher(it).matches()).toList());
    var sizes = SearchPath.trusted(connection, it -> sized(it, oids.values()));
    var byName = new HashMap<String, TableSize>();
    oids.forEach(
        (name, oid) -> {
          var size = sizes.get(oid);
          if (size != null) {
            byName.put(name, size);
          }
        });
    return byName;
  }

  private static Map<String, Long> resolved(Connection connection, List<String> names)
      throws SQLException {
    var oids = new HashMap<String, Long>();
    try (var query = connection.prepareStatement(RESOLVE)) {
      query.setArray(1, connection.createArrayOf("text", names.toArray()));
      for (var entry : Rows.all(query, row -> Map.entry(row.getString(1), row.getLong(2)))) {
        if (entry.getValue() != 0) {
          oids.put(entry.getKey(), entry.getValue());
        }
      }
    }
    return oids;
  }

  private static Map<Long, TableSize> sized(Connection connection, Collection<Long> oids)
      throws SQLException {
    var sizes = new HashMap<Long, TableSize>();
    try (var query = connection.prepareStatement(SIZES)) {
      query.setArray(1, connection.createArrayOf("int8", oids.toArray()));
      for (var entry :
          Rows.all(
              query,
              row ->
                  Map.entry(
                      row.getLong(1),
                      new TableSize(
                          Objects.requireNonNull(row.getString(2)),
                          row.getLong(3),
                          row.getObject(4, Long.class))))) {
        sizes.put(entry.getKey(), entry.getValue());
      }
    }
    return sizes;
  }
}
