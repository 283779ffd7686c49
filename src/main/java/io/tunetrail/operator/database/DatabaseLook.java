package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.Catalog.Database;
import io.tunetrail.operator.database.Catalog.Server;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One look, in the order in which its questions make sense. */
record DatabaseLook(
    LookSessions sessions, ConnectionSettings settings, LookRequest request, FlywayCache cache) {

  private static final int OLDEST_SERVER = 140000;

  Look take() throws SQLException {
    try (var connection = sessions.open()) {
      return look(connection, isPooled(connection));
    }
  }

  private boolean isPooled(Connection connection) throws SQLException {
    try (var other = sessions.open()) {
      return Backend.isShared(connection, other);
    }
  }

  /**
   * All in one transaction: behind a pooling proxy it is the only thing that keeps what is set from reaching
   * somebody else's session.
   */
  private Look look(Connection connection, boolean pooled) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    execute(connection, "SET LOCAL statement_timeout = " + sessions.remaining().toMillis());
    if (settings.role() != null) {
      execute(connection, "SET LOCAL ROLE " + Identifier.quoted(settings.role()));
    }
    var server = Catalog.server(connection);
    if (server.version() < OLDEST_SERVER) {
      return new Look.Unseen(
          Reason.UNSUPPORTED_SERVER,
          "the server is PostgreSQL %d, and 14 is the oldest supported".formatted(server.version() / 10000));
    }
    execute(connection, "SET LOCAL search_path = pg_catalog, pg_temp");
    return request.flyway() == null
        ? seenCreateAll(connection, server, pooled)
        : seenFlyway(connection, server, request.flyway(), pooled);
  }

  private Look seenCreateAll(Connection connection, Server server, boolean pooled) throws SQLException {
    var database = Catalog.database(connection, server);
    var holder = AdvisoryLocks.FENCE.holder(connection);
    var memory = WorkMemory.read(connection, null, holder != null);
    int tables = Catalog.tableCount(connection, null, null);
    var state = new SchemaState.CreateAll(memory.createAllDigest());
    return facts(connection, server, database, null, pooled, tables, holder, null, memory, state);
  }

  private Look seenFlyway(Connection connection, Server server, FlywaySettings flyway, boolean pooled)
      throws SQLException {
    if (flyway.historySchema() == null && server.currentSchema() == null) {
      return new Look.Unseen(
          Reason.INSUFFICIENT_PRIVILEGE,
          "no schema of the user's search_path exists and may be used; create one, or set schema.flyway.defaultSchema");
    }
    var schemaTables = SchemaTables.read(connection, flyway, String.valueOf(server.currentSchema()));
    var database = Catalog.database(connection, server);
    var holder = AdvisoryLocks.FENCE.holder(connection);
    var memory = WorkMemory.read(connection, schemaTables.historySchema(), holder != null);
    int tables = Catalog.tableCount(connection, schemaTables.historySchema(), flyway.table());
    var state =
        pooled
            ? new SchemaState.Flyway(schemaTables.historyExists(), schemaTables.tablesExist(), null, List.of())
            : schemaState(flyway, schemaTables, identity(database, schemaTables.historySchema()));
    var interrupted = holder == null ? interrupted(memory, state) : null;
    return facts(
        connection, server, database, schemaTables.historySchema(), pooled, tables, holder, interrupted, memory, state);
  }

  private SchemaState schemaState(FlywaySettings flyway, SchemaTables tables, String identity)
      throws SQLException {
    var key = new FlywayCache.Key(identity, request.scripts().digest(), flyway.digest(), tables);
    var known = cache.get(key);
    if (known != null) {
      return known;
    }
    try {
      var scripts = MigrationScripts.of(request.scripts(), flyway);
      var state =
          new FlywayHistory(flyway, scripts, tables)
              .read(new OpeningDataSource(sessions::openReadOnly))
              .state();
      cache.put(key, state);
      return state;
    } catch (InvalidScripts e) {
      return new SchemaState.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** A script that Flyway's history holds as done ended well; only its end was not noted. */
  private static @Nullable InterruptedScript interrupted(WorkMemory memory, SchemaState state) {
    var unended = memory.unended();
    return unended == null || ScriptEnd.isRecorded(unended.script(), state) ? null : unended;
  }

  private Look facts(
      Connection connection,
      Server server,
      Database database,
      @Nullable String historySchema,
      boolean pooled,
      int tables,
      @Nullable String holder,
      @Nullable InterruptedScript interrupted,
      WorkMemory memory,
      SchemaState state)
      throws SQLException {
    return new Look.Seen(
        new DatabaseFacts(
            identity(database, historySchema),
            server.version(),
            database.inRecovery(),
            pooled,
            database.sizeBytes(),
            tables,
            memory.strictest(),
            Catalog.invalidIndexes(connection),
            holder,
            interrupted,
            memory.lastWork(),
            state));
  }

  private static String identity(Database database, @Nullable String historySchema) {
    return Digest.of(
        database.systemIdentifier(),
        Long.toString(database.oid()),
        database.address(),
        Integer.toString(database.port()),
        historySchema);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
