package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.internal.callback.NoopCallbackExecutor;
import org.flywaydb.core.internal.database.base.Connection;
import org.flywaydb.core.internal.database.base.Schema;
import org.flywaydb.core.internal.schemahistory.SchemaHistoryFactory;
import org.flywaydb.core.internal.sqlscript.SqlScriptExecutor;

/**
 * A session in which versions are taken back: Flyway parses and executes the scripts as it does
 * migrations, and its history forgets the version with what the script did. The session is the
 * fence's and ends with it.
 */
public final class UndoSession {
  private final MigrationScripts scripts;
  private final String historySchema;
  private final String historyTable;
  private final Configuration configuration;
  private final ScriptParser parser;
  private final SqlScriptExecutor executor;
  private final Connection<?> session;
  private final Schema<?, ?> schema;
  private HistoryRows rows;

  /** Told before a script's first statement, on the session that runs it. */
  public interface Beginning {
    void begin(String script, java.sql.Connection connection) throws SQLException;
  }

  /** A script ran, but its version could not be forgotten; the cause is the database's word. */
  public static final class NotForgotten extends RuntimeException {
    NotForgotten(String message, SQLException cause) {
      super(message, cause);
    }
  }

  /**
   * Opens it.
   *
   * @param rows that the history holds now
   */
  public UndoSession(
      FlywaySettings settings,
      MigrationScripts scripts,
      SchemaTables tables,
      HistoryRows rows,
      DataSource source) {
    this.scripts = scripts;
    this.rows = rows;
    historySchema = tables.historySchema();
    historyTable = settings.table();
    configuration =
        FlywayConfiguration.of(settings, scripts, source)
            .sqlMigrationPrefix(ScriptNames.UNDO_PREFIX);
    parser = new ScriptParser(configuration, scripts, source);
    session = parser.database().getMainConnection();
    schema = SchemaHistoryFactory.prepareSchemas(configuration, parser.database()).getLeft();
    executor =
        parser
            .type()
            .createSqlScriptExecutorFactory(
                parser.connections(), NoopCallbackExecutor.INSTANCE, null)
            .createSqlScriptExecutor(session.getJdbcConnection(), true, false, false);
  }

  /** The script that takes a version back, read to its end. */
  public UndoScript script(String version) throws InvalidScripts {
    var number = MigrationVersion.fromVersion(version);
    var file = Objects.requireNonNull(scripts.undo(number), version);
    return new UndoScript(
        parser.parsed(file), Objects.requireNonNull(rows.newestOf(number), version));
  }

  /** Fails for want of the right to forget a version, which else would show after its script. */
  public void checkRight() throws SQLException {
    HistoryRows.checkForgettable(session.getJdbcConnection(), historySchema, historyTable);
  }

  /**
   * Takes a version back. A script outside a transaction counts as running until the version is
   * forgotten.
   *
   * @param work the row of tunetrail.history
   */
  public void undo(UndoScript script, long work, Beginning beginning) throws SQLException {
    var connection = session.getJdbcConnection();
    if (script.isInTransaction()) {
      connection.setAutoCommit(false);
      allOrNothing(
          script,
          () -> {
            run(script, beginning);
            forget(script, work);
          });
    } else {
      run(script, beginning);
      connection.setAutoCommit(false);
      allOrNothing(script, () -> forget(script, work));
    }
    connection.setAutoCommit(true);
  }

  private interface Step {
    void take() throws SQLException;
  }

  private void allOrNothing(UndoScript script, Step step) throws SQLException {
    var connection = session.getJdbcConnection();
    try {
      step.take();
      commit(script, connection);
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void commit(UndoScript script, java.sql.Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw new NotForgotten(script.name() + ", at the end of its transaction: ", e);
    }
  }

  private static void rollBack(java.sql.Connection connection, Exception failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private void run(UndoScript script, Beginning beginning) throws SQLException {
    session.restoreOriginalState();
    session.changeCurrentSchemaTo(schema);
    beginning.begin(script.name(), session.getJdbcConnection());
    executor.execute(script.sql(), configuration);
    session.restoreOriginalState();
  }

  private void forget(UndoScript script, long work) {
    var connection = session.getJdbcConnection();
    try {
      if (HistoryRows.forget(connection, historySchema, historyTable, script.row()) != 1) {
        throw new SQLException("the row is still there; look for a trigger, rule or policy");
      }
      rows = rows.without(script.row());
      WorkHistory.tookBack(connection, work, rows);
    } catch (SQLException e) {
      throw new NotForgotten(
          "%s has run, but version %s can't be taken out of %s.%s: "
              .formatted(script.name(), script.row().version(), historySchema, historyTable),
          e);
    }
  }
}
