package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.WriteAccess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Whether the session could write, by what the catalog says of its rights. */
final class WriteAccessLook {
  /** Tables of extensions are their own affair: PostGIS lets nobody write spatial_ref_sys. */
  private static final String ACCESS =
      """
      SELECT pg_catalog.pg_is_in_recovery(),
        pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool,
        n.oid IS NOT NULL,
        pg_catalog.has_schema_privilege(n.oid, 'CREATE'),
        EXISTS (
          SELECT FROM pg_catalog.pg_class c
          WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
            AND NOT (pg_catalog.has_table_privilege(c.oid, 'INSERT')
              AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
              AND pg_catalog.has_table_privilege(c.oid, 'DELETE'))
            AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                AND d.deptype = 'e'))
      FROM (SELECT ?::pg_catalog.name AS name) s
        LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = s.name
      """;

  private WriteAccessLook() {}

  /** In this schema; null: the search path has none. */
  static WriteAccess take(Connection connection, @Nullable String schema) throws SQLException {
    try (var query = connection.prepareStatement(ACCESS)) {
      query.setString(1, schema);
      return Rows.single(query, WriteAccessLook::read);
    }
  }

  private static WriteAccess read(ResultSet row) throws SQLException {
    if (row.getBoolean(1)) {
      return WriteAccess.IN_RECOVERY;
    }
    if (row.getBoolean(2)) {
      return WriteAccess.READ_ONLY;
    }
    if (!row.getBoolean(3)) {
      return WriteAccess.NO_SCHEMA;
    }
    if (!row.getBoolean(4)) {
      return WriteAccess.MAY_NOT_CREATE;
    }
    return row.getBoolean(5) ? WriteAccess.MAY_NOT_WRITE : WriteAccess.WRITABLE;
  }
}
