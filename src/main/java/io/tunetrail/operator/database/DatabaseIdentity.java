package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which database a session is in, in the digest by which looks tell databases apart. */
public final class DatabaseIdentity {
  private static final String SCHEMAS = "SELECT nspname FROM pg_catalog.pg_namespace";

  private DatabaseIdentity() {}

  /**
   * The digest.
   *
   * @param historySchema where the engine's history is; null for create-all
   */
  static String of(Catalog.Database database, @Nullable String historySchema) {
    return of(database.systemIdentifier(), database, historySchema);
  }

  private static String of(
      @Nullable String systemIdentifier,
      Catalog.Database database,
      @Nullable String historySchema) {
    return Digest.of(
        systemIdentifier,
        Long.toString(database.oid()),
        database.address(),
        Integer.toString(database.port()),
        historySchema);
  }

  /**
   * Whether a session is in the database that a look gave this digest, wherever in it the history
   * is, and whether or not the look could read the system identifier.
   *
   * @param schemas names of schemas that may not exist yet
   */
  public static boolean isOf(Connection connection, String identity, Collection<String> schemas)
      throws SQLException {
    var database = Catalog.database(connection, Catalog.server(connection));
    Set<@Nullable String> histories = new HashSet<>(schemas);
    histories.add(null);
    try (var query = connection.prepareStatement(SCHEMAS)) {
      histories.addAll(Rows.all(query, row -> row.getString(1)));
    }
    return histories.stream()
        .anyMatch(
            it -> identity.equals(of(database, it)) || identity.equals(of(null, database, it)));
  }
}
