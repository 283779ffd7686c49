package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.Catalog.Database;
import io.tunetrail.operator.database.Catalog.Server;
import io.tunetrail.operator.database.LookCache.FlywayKey;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.WriteAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One look, in the order in which its questions make sense. */
record DatabaseLook(
    LookSessions sessions, ConnectionSettings settings, LookRequest request, LookCache cache) {

  private static final int OLDEST_SERVER = 140000;
  private static final HistoryTable FLYWAY = new HistoryTable(null, HistoryTable.FLYWAY);
  private static final HistoryTable ALEMBIC = new HistoryTable(null, HistoryTable.ALEMBIC);

  Look.Taken take() throws SQLException {
    try (var connection = sessions.open()) {
      return look(connection, isPooled(connection));
    } catch (NewerHistory e) {
      return new Look.Unseen(Reason.HISTORY_TOO_NEW, String.valueOf(e.getMessage()));
    }
  }

  /** A second session costs as much as all that is asked, so that only a proxy's is opened. */
  private boolean isPooled(Connection connection) throws SQLException {
    if (Backend.isTheLogins(connection)) {
      return false;
    }
    try (var other = sessions.open()) {
      return Backend.isShared(connection, other);
    }
  }

  /**
   * All in one transaction: behind a pooling proxy it is the only thing that keeps what is set from
   * reaching somebody else's session.
   */
  private Look.Taken look(Connection connection, boolean pooled) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    execute(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    execute(connection, "SET LOCAL statement_timeout = " + sessions.remaining().toMillis());
    setRole(connection);
    var server = Catalog.server(connection);
    if (server.version() < OLDEST_SERVER) {
      return new Look.Unseen(
          Reason.UNSUPPORTED_SERVER,
          "the server is PostgreSQL %d, and 14 is the oldest supported"
              .formatted(server.version() / 10000));
    }
    execute(connection, "SET LOCAL search_path = pg_catalog, pg_temp");
    var found =
        new Found(
            server,
            Catalog.database(connection, server),
            pooled,
            asLogin(connection, AdvisoryLocks::worker),
            asLogin(connection, Catalog::invalidIndexes),
            request.monitoring() == null
                ? asLogin(connection, ActivityLook::take)
                : DatabaseFacts.Activity.UNKNOWN);
    if (request.flyway() != null) {
      return flyway(connection, found, request.flyway());
    }
    return request.alembic() == null
        ? createAll(connection, found)
        : alembic(connection, found, request.alembic());
  }

  private Look.Taken createAll(Connection connection, Found found) throws SQLException {
    var memory = memory(connection, null);
    var kept = others(connection, found.server().currentSchema(), List.of(FLYWAY, ALEMBIC));
    int tables = Catalog.tableCount(connection, kept.stream().map(OtherHistory::place).toList());
    return found.seen(
        null,
        tables,
        memory,
        null,
        facts(connection, kept),
        drift(connection, found, null, null),
        new SchemaState.CreateAll(memory.createAllDigest()),
        WriteAccessLook.take(connection, found.server().currentSchema()));
  }

  private Look.Taken alembic(Connection connection, Found found, AlembicSettings alembic)
      throws SQLException {
    var currentSchema = found.server().currentSchema();
    if (alembic.versionTableSchema() == null && currentSchema == null) {
      return new Look.Unseen(Reason.INSUFFICIENT_PRIVILEGE, SchemaTables.NO_CURRENT_SCHEMA);
    }
    var history = AlembicHistory.read(connection, alembic, String.valueOf(currentSchema));
    var memory = memory(connection, history.schema());
    var places = new ArrayList<>(List.of(FLYWAY));
    if (memory.migratedBefore() && !history.state().historyExists()) {
      places.addAll(OtherHistory.ofFlyway(connection, history.schema()));
    }
    var other = facts(connection, others(connection, history.schema(), places));
    int tables =
        Catalog.tableCount(
            connection, List.of(new HistoryTable(history.schema(), alembic.versionTable())));
    var drift = drift(connection, found, history.schema(), alembic.versionTable());
    var access = WriteAccessLook.take(connection, history.schema());
    return found.seen(
        history.schema(), tables, memory, null, other, drift, history.state(), access);
  }

  private Look.Taken flyway(Connection connection, Found found, FlywaySettings flyway)
      throws SQLException {
    var objection = FlywayConfiguration.objection(settings);
    if (objection.isPresent()) {
      return new Look.Unseen(Reason.INVALID_CONNECTION, objection.get());
    }
    var currentSchema = found.server().currentSchema();
    if (flyway.historySchema() == null && currentSchema == null) {
      return new Look.Unseen(Reason.INSUFFICIENT_PRIVILEGE, SchemaTables.NO_CURRENT_SCHEMA);
    }
    var tables = SchemaTables.read(connection, flyway, String.valueOf(currentSchema));
    var schema = tables.historySchema();
    var state = found.pooled() ? unread(tables) : schemaState(connection, flyway, tables, found);
    // After the history, so that the work and the tables of every version that it names are seen.
    var memory = memory(connection, schema);
    int count = Catalog.tableCount(connection, List.of(new HistoryTable(schema, flyway.table())));
    var places = new ArrayList<>(List.of(ALEMBIC));
    if (memory.migratedBefore() && !tables.historyExists()) {
      places.addAll(OtherHistory.ofAlembic(connection, schema));
    }
    var other = facts(connection, others(connection, schema, places));
    var interrupted = interrupted(connection, found, memory, state);
    var drift = drift(connection, found, schema, flyway.table());
    var access = WriteAccessLook.take(connection, schema);
    return found.seen(schema, count, memory, interrupted, other, drift, state, access);
  }

  /** Asked last, and who works once more after it: what a work changes meanwhile is no drift. */
  private SchemaDrift drift(
      Connection connection, Found found, @Nullable String schema, @Nullable String table)
      throws SQLException {
    if (found.holder() != null || found.pooled()) {
      return SchemaDrift.not(SchemaDrift.State.UNDER_WAY);
    }
    var look = new DriftLook(connection, request, schema, found.server().currentSchema(), table);
    var newest = look.newest();
    if (newest.isEmpty()) {
      return SchemaDrift.not(SchemaDrift.State.UNRECORDED);
    }
    var drift =
        look.since(
            newest.get(),
            found.server().version(),
            found.identity(schema),
            cache,
            sessions.remaining().dividedBy(2));
    return asLogin(connection, AdvisoryLocks::worker) == null && look.newest().equals(newest)
        ? drift
        : SchemaDrift.not(SchemaDrift.State.UNDER_WAY);
  }

  private List<OtherHistory> others(
      Connection connection, @Nullable String schema, List<HistoryTable> engines)
      throws SQLException {
    var places = new LinkedHashSet<>(engines);
    places.addAll(request.others());
    return OtherHistory.find(connection, schema, places);
  }

  private static List<ForeignHistory> facts(Connection connection, List<OtherHistory> others)
      throws SQLException {
    var facts = new ArrayList<ForeignHistory>();
    for (var other : others) {
      facts.add(other.fact(connection));
    }
    return facts;
  }

  /**
   * A work that nobody does is lost only if it is still open once more: it may have begun after it
   * was asked who works, or ended before.
   */
  private WorkMemory memory(Connection connection, @Nullable String schema) throws SQLException {
    var memory = WorkMemory.read(connection, schema, true, request.resourceUid());
    return !memory.isOpen() || asLogin(connection, AdvisoryLocks::worker) != null
        ? memory
        : WorkMemory.read(connection, schema, false, request.resourceUid());
  }

  /** Flyway sets what behind a pooling proxy would reach somebody else's session. */
  private static SchemaState unread(SchemaTables tables) {
    return new SchemaState.Flyway(tables.historyExists(), tables.tablesExist(), null, List.of());
  }

  private SchemaState schemaState(
      Connection connection, FlywaySettings flyway, SchemaTables tables, Found found)
      throws SQLException {
    var identity = found.identity(tables.historySchema());
    var key = new FlywayKey(identity, request.scripts().digest(), flyway.digest(), tables);
    var known = cache.flyway().get(key);
    if (known != null) {
      return known;
    }
    try {
      var state =
          new FlywayHistory(flyway, listing(flyway), tables)
              .read(new OpeningDataSource(sessions::openReadOnly))
              .without(settings.redaction())
              .state();
      var currentSchema = String.valueOf(found.server().currentSchema());
      if (SchemaTables.read(connection, flyway, currentSchema).equals(tables)) {
        cache
            .flyway()
            .put(key, state); // else it is that of a history which moved while it was read
      }
      return state;
    } catch (InvalidScripts e) {
      return new SchemaState.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private ScriptListing listing(FlywaySettings flyway) throws InvalidScripts {
    return switch (request.scripts()) {
      case ScriptSet files -> MigrationScripts.of(files, flyway).listing();
      case ScriptListing listing -> listing;
    };
  }

  /**
   * A script that Flyway's history holds as done ended well; only its end was not noted. One whose
   * own Job works is under way; who works is asked again, because that may have begun since.
   */
  private @Nullable InterruptedScript interrupted(
      Connection connection, Found found, WorkMemory memory, SchemaState state)
      throws SQLException {
    var unended = memory.unended();
    if (unended == null || ScriptEnd.isRecorded(unended.script(), state)) {
      return null;
    }
    boolean underWay =
        isOf(unended, found.holder()) || isOf(unended, asLogin(connection, AdvisoryLocks::worker));
    return underWay ? null : unended;
  }

  /** An application name keeps the end of a Job's name. */
  private static boolean isOf(InterruptedScript unended, @Nullable String holder) {
    return holder != null && holder.endsWith(unended.job());
  }

  /** What every look finds, whatever the method. */
  private record Found(
      Server server,
      Database database,
      boolean pooled,
      @Nullable String holder,
      List<String> invalidIndexes,
      DatabaseFacts.Activity activity) {

    Look.Taken seen(
        @Nullable String historySchema,
        int tableCount,
        WorkMemory memory,
        @Nullable InterruptedScript interrupted,
        List<ForeignHistory> others,
        SchemaDrift drift,
        SchemaState state,
        WriteAccess access) {
      return new Look.Seen(
          new DatabaseFacts(
              identity(historySchema),
              Digest.of(
                  database.systemIdentifier(),
                  database.address(),
                  Integer.toString(database.port())),
              server.version(),
              database.inRecovery(),
              pooled,
              database.sizeBytes(),
              tableCount,
              memory.strictest(),
              invalidIndexes,
              holder,
              interrupted,
              memory.lastWork(),
              memory.createAllDigest(),
              memory.seedDigest(),
              others,
              memory.migratedBefore(),
              memory.lastAdoption(),
              state,
              drift,
              memory.history(),
              activity,
              access));
    }

    String identity(@Nullable String historySchema) {
      return DatabaseIdentity.of(database, historySchema);
    }
  }

  private void setRole(Connection connection) throws SQLException {
    if (settings.role() != null) {
      execute(connection, "SET LOCAL ROLE " + Identifier.quoted(settings.role()));
    }
  }

  /** PostgreSQL tells what a session is called, and what it builds, to its own login. */
  private <T extends @Nullable Object> T asLogin(Connection connection, Fence.Question<T> question)
      throws SQLException {
    if (settings.role() == null) {
      return question.ask(connection);
    }
    execute(connection, "SET LOCAL ROLE NONE");
    var answer = question.ask(connection);
    setRole(connection);
    return answer;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
