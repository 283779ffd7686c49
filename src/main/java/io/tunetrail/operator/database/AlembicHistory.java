package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * What Alembic's version table says.
 *
 * @param schema where the table is or will be
 */
public record AlembicHistory(String schema, SchemaState.Alembic state) {

  /**
   * Reads the table, if it is there.
   *
   * @param currentSchema of a session of the user; used where the settings name no schema
   */
  public static AlembicHistory read(
      Connection connection, AlembicSettings settings, String currentSchema) throws SQLException {
    var named = settings.versionTableSchema();
    var schema = named == null ? currentSchema : named;
    var table = settings.versionTable();
    boolean exists = SchemaTables.historyExists(connection, schema, table);
    var state =
        new SchemaState.Alembic(
            exists,
            SchemaTables.othersExist(connection, Set.of(schema), schema, table),
            exists ? revisions(connection, schema, table) : List.of());
    return new AlembicHistory(schema, state);
  }

  /** Its rows, sorted; several where branches stand side by side. */
  private static List<String> revisions(Connection connection, String schema, String table)
      throws SQLException {
    var sql =
        "SELECT version_num FROM %s.%s ORDER BY 1"
            .formatted(Identifier.quoted(schema), Identifier.quoted(table));
    try (var query = connection.prepareStatement(sql)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }
}
