package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes in tunetrail.history, as a dump brought it back, that a restore did so. */
public final class RestoredHistory {
  private static final String NEWEST =
      """
      SELECT history_schema, to_version, pg_catalog.array_remove(ancestors, NULL)
      FROM tunetrail.history WHERE work <> 'seed' AND outcome = 'Done' ORDER BY id DESC LIMIT 1
      """;

  private RestoredHistory() {}

  /** Where the schema stands, by the newest work that ended well. */
  private record Newest(
      @Nullable String historySchema, @Nullable String version, List<String> versions) {

    static Newest of(ResultSet row) throws SQLException {
      var versions = row.getArray(3);
      return new Newest(
          row.getString(1),
          row.getString(2),
          versions == null ? List.of() : List.of((String[]) versions.getArray()));
    }
  }

  /**
   * Notes it, where the dump had the table and a work that ended well.
   *
   * @param fence of the restored database
   * @param historyTable the engine's, whose rows are no part of the schema; null: there is none
   */
  public static void note(
      Fence fence,
      ConnectionSettings settings,
      WorkHistory.Entry entry,
      @Nullable String historyTable)
      throws SQLException {
    var newest = fence.ask(RestoredHistory::newest);
    if (newest.isPresent()) {
      var schema = newest.get().historySchema();
      var history = new WorkHistory(fence, schema);
      history.open(settings);
      long id = history.begin(entry);
      var _ =
          history.done(
              id,
              newest.get().version(),
              newest.get().versions(),
              schema == null ? null : historyTable);
    }
  }

  private static Optional<Newest> newest(Connection connection) throws SQLException {
    if (!WorkMemory.exists(connection)) {
      return Optional.empty();
    }
    try (var query = connection.prepareStatement(NEWEST)) {
      return Rows.all(query, Newest::of).stream().findFirst();
    }
  }
}
