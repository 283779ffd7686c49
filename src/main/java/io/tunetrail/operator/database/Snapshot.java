package io.tunetrail.operator.database;

import io.tunetrail.operator.database.DatabaseContent.Extension;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One state of a database that several sessions read. It holds no table's lock longer than it
 * counts its rows, but keeps the rows of its time from being vacuumed until it is closed.
 */
public final class Snapshot implements AutoCloseable {
  /** What pg_dump dumps the rows of; a partitioned table has none of its own. */
  private static final String TABLES =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence IN ('p', 'u')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2
      """;

  private static final String EXTENSIONS =
      """
      SELECT e.extname, e.extversion, n.nspname
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname <> 'plpgsql' ORDER BY 1
      """;

  /** Composite ones: it is their types that are the extension's, and not what they are read as. */
  private static final String EXTENSIONS_TYPES =
      """
      SELECT pg_catalog.format('composite type %I.%I', n.nspname, t.typname)
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype = 'c' AND EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')
      """;

  private static final String ROLES =
      """
      SELECT pg_catalog.pg_get_userbyid(d.datdba)
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      UNION
      SELECT r.rolname
      FROM pg_catalog.pg_shdepend s
        JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = pg_catalog.current_database()
        JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid
      WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
      ORDER BY 1
      """;

  /** Row level security would hide rows, and pg_dump refuses to take a part for the whole. */
  private static final String SETTINGS =
      """
      SELECT pg_catalog.set_config(s.name, CASE s.name WHEN 'row_security' THEN 'off' ELSE '0' END, false)
      FROM pg_catalog.pg_settings s
      WHERE s.name IN ('row_security', 'idle_in_transaction_session_timeout', 'transaction_timeout')
      """;

  /** Longest time for reading the catalog, which holds locks of views for moments only. */
  private static final Duration CATALOG = Duration.ofMinutes(10);

  private final Connection session;
  private final String id;
  private volatile boolean counting;

  private Snapshot(Connection session, String id) {
    this.session = session;
    this.id = id;
  }

  /**
   * Takes one, in a session of the fence's.
   *
   * @param lockTimeout longest wait for a table that is being changed
   */
  public static Snapshot take(Fence fence, Duration lockTimeout) throws SQLException {
    return of(fence.openWorking(lockTimeout.toMillis(), 0));
  }

  /** Takes one of a scratch database. */
  public static Snapshot take(Scratch scratch) throws SQLException {
    return of(scratch.open());
  }

  private static Snapshot of(Connection session) throws SQLException {
    try {
      SearchPath.harden(session);
      ask(session, SETTINGS);
      session.setReadOnly(true);
      session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      session.setAutoCommit(false);
      return new Snapshot(session, ask(session, "SELECT pg_catalog.pg_export_snapshot()"));
    } catch (SQLException e) {
      Fence.closeAll(session);
      throw e;
    }
  }

  /** For {@code pg_dump --snapshot}, while this is open. */
  public String id() {
    return id;
  }

  /**
   * All but the rows.
   *
   * @param histories where the engine's own is looked for
   */
  public DatabaseContent content(EngineTables histories) throws SQLException {
    var server = Catalog.server(session);
    var database = Catalog.database(session, server);
    return new DatabaseContent(
        ask(session, "SELECT pg_catalog.current_database()"),
        database.systemIdentifier(),
        database.oid(),
        server.version(),
        migrationVersion(histories),
        DatabaseLocale.read(session),
        extensions(),
        roles());
  }

  /** All that users made. Going back to where it began gives locks and limits back. */
  public CatalogDescription catalog() throws SQLException {
    int major = Catalog.server(session).version() / 10_000;
    var begin = session.setSavepoint();
    var snapshot = SchemaSnapshot.read(session, List.of(), CATALOG);
    session.rollback(begin);
    var extensionsOwn = extensionsTypes();
    return CatalogDescription.of(snapshot.only(it -> !extensionsOwn.contains(it.object())), major);
  }

  /** Counts them, which reads every table once. */
  public List<TableRows> rows() throws SQLException {
    counting = true;
    var counted = new ArrayList<TableRows>();
    for (var table : tables()) {
      var name = Identifier.quoted(table.schema()) + "." + Identifier.quoted(table.name());
      try (var query = session.prepareStatement("SELECT pg_catalog.count(*) FROM ONLY " + name)) {
        long rows = Rows.single(query, row -> row.getLong(1));
        counted.add(new TableRows(table.schema(), table.name(), rows));
      }
    }
    counting = false;
    return counted;
  }

  private record Table(String schema, String name) {}

  private List<Table> tables() throws SQLException {
    try (var query = session.prepareStatement(TABLES)) {
      return Rows.all(query, row -> new Table(row.getString(1), row.getString(2)));
    }
  }

  private @Nullable String migrationVersion(EngineTables histories) throws SQLException {
    for (var history : histories.read(session, false)) {
      var version = version(history);
      if (version != null) {
        return version;
      }
    }
    return null;
  }

  private static @Nullable String version(EngineHistory history) {
    return switch (history) {
      case EngineHistory.Unreadable _ -> null;
      case EngineHistory.Alembic alembic ->
          alembic.revisions().isEmpty() ? null : String.join(",", alembic.revisions());
      case EngineHistory.Flyway flyway ->
          flyway.versions().stream().max(Comparator.comparing(Snapshot::parts)).orElse(null);
    };
  }

  /** So that 10 comes after 9: each part as long as any. */
  private static String parts(String version) {
    var padded = new StringBuilder();
    for (var part : version.split("[._]", -1)) {
      padded.append("0".repeat(Math.max(0, 20 - part.length()))).append(part).append('.');
    }
    return padded.toString();
  }

  private List<Extension> extensions() throws SQLException {
    try (var query = session.prepareStatement(EXTENSIONS)) {
      return Rows.all(
          query, row -> new Extension(row.getString(1), row.getString(2), row.getString(3)));
    }
  }

  private List<String> extensionsTypes() throws SQLException {
    try (var query = session.prepareStatement(EXTENSIONS_TYPES)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private List<String> roles() throws SQLException {
    try (var query = session.prepareStatement(ROLES)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }

  /** The first column of the first row. */
  private static String ask(Connection session, String sql) throws SQLException {
    try (var query = session.prepareStatement(sql)) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  /** Also while rows are counted, which ends then. */
  @Override
  public void close() {
    if (counting) {
      Fence.abort(session);
    } else {
      Fence.closeAll(session);
    }
  }
}
