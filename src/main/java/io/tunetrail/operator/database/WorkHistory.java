package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table tunetrail.history in the user's database, written over the fence's connection by
 * whoever works.
 */
public final class WorkHistory {
  private static final String DONE = "Done";
  private static final String LOST = "JobLost";
  private static final String INTERRUPTED = "Interrupted";

  private final Fence fence;
  private final @Nullable String historySchema;

  /**
   * The history of one resource's works.
   *
   * @param historySchema where the engine's history stands; null for create-all
   */
  public WorkHistory(Fence fence, @Nullable String historySchema) {
    this.fence = fence;
    this.historySchema = historySchema;
  }

  /** A row as it begins. */
  public record Entry(
      String work,
      String resource,
      String resourceUid,
      String job,
      String edition,
      String environment,
      String inputsDigest,
      @Nullable String fromVersion,
      @Nullable String approvedBy,
      @Nullable String approvalDigest,
      @Nullable String retry,
      @Nullable String requestedBy) {}

  /**
   * Creates the table where it is missing and closes what earlier holders left open without harm.
   */
  public void open(ConnectionSettings settings) throws SQLException {
    fence.ask(
        connection -> {
          WorkHistoryTable.ensure(connection, settings);
          return closeLost(connection);
        });
  }

  private static int closeLost(Connection connection) throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE tunetrail.history SET outcome = ?, finished_at = pg_catalog.now()
            WHERE finished_at IS NULL AND running_script IS NULL
            """)) {
      update.setString(1, LOST);
      return update.executeUpdate();
    }
  }

  /** The script outside a transaction that an earlier work began and nobody saw end. */
  public Optional<InterruptedScript> unended() throws SQLException {
    return fence.ask(connection -> WorkMemory.unended(connection, historySchema));
  }

  /** Closes that work: its script is known to have ended well. */
  public void closeUnendedAsLost() throws SQLException {
    closeUnended(LOST);
  }

  /** Closes that work: a person has looked at what its script left behind. */
  public void closeUnendedAsInterrupted() throws SQLException {
    closeUnended(INTERRUPTED);
  }

  private void closeUnended(String outcome) throws SQLException {
    execute(
        """
        UPDATE tunetrail.history SET outcome = ?, finished_at = pg_catalog.now()
        WHERE finished_at IS NULL AND history_schema IS NOT DISTINCT FROM ?
        """,
        update -> {
          update.setString(1, outcome);
          update.setString(2, historySchema);
        });
  }

  /** The newest work's Job and retry token, whatever its outcome. */
  public Optional<LastAttempt> lastAttempt() throws SQLException {
    return fence.ask(
        connection -> {
          try (var query =
              connection.prepareStatement(
                  """
                  SELECT job, retry FROM tunetrail.history
                  WHERE history_schema IS NOT DISTINCT FROM ? ORDER BY id DESC LIMIT 1
                  """)) {
            query.setString(1, historySchema);
            return Rows.all(query, row -> new LastAttempt(row.getString(1), row.getString(2)))
                .stream()
                .findFirst();
          }
        });
  }

  /** A finished work's Job and the retry token it was started with. */
  public record LastAttempt(String job, @Nullable String retry) {}

  /** The inputs that create-all applied last. */
  public Optional<String> createAllDigest() throws SQLException {
    return fence.ask(
        connection ->
            Optional.ofNullable(
                WorkMemory.read(connection, historySchema, true, "").createAllDigest()));
  }

  /** The fixtures that this resource put in since it changed the schema last. */
  public Optional<String> seedDigest(String resourceUid) throws SQLException {
    return fence.ask(
        connection ->
            Optional.ofNullable(
                WorkMemory.read(connection, historySchema, true, resourceUid).seedDigest()));
  }

  /** Notes that work begins; the answer is the row's id. */
  public long begin(Entry entry) throws SQLException {
    return fence.ask(
        connection -> {
          try (var insert = connection.prepareStatement(WorkHistoryTable.INSERT)) {
            set(insert, entry, historySchema);
            long id = Rows.<Long>single(insert, row -> row.getLong(1));
            if (entry.requestedBy() != null) {
              WorkHistoryTable.audit(connection, id, null, entry.requestedBy());
            }
            return id;
          }
        });
  }

  private static void set(PreparedStatement insert, Entry entry, @Nullable String historySchema)
      throws SQLException {
    int column = 1;
    for (var value :
        new @Nullable String[] {
          entry.work(),
          entry.resource(),
          entry.resourceUid(),
          entry.job(),
          entry.edition(),
          entry.environment(),
          historySchema,
          entry.inputsDigest(),
          entry.fromVersion(),
          entry.approvedBy(),
          entry.approvalDigest(),
          entry.retry()
        }) {
      insert.setString(column++, value);
    }
  }

  /**
   * Notes that from now on a user's program works, from this pod's address.
   *
   * @param address null where it is not only this pod's
   */
  public void programWorks(long id, @Nullable String address) throws SQLException {
    fence.ask(
        connection -> {
          WorkHistoryTable.requireWorkerAddress(connection);
          try (var update = connection.prepareStatement(WorkHistoryTable.WORKER_ADDRESS)) {
            update.setString(1, address);
            update.setLong(2, id);
            return update.executeUpdate();
          }
        });
  }

  /** Whether no other work has begun since, and none has closed this one as lost. */
  public boolean isUnderWay(long id) throws SQLException {
    return fence.ask(
        connection -> {
          try (var query =
              connection.prepareStatement(
                  """
                  SELECT finished_at IS NULL AND id = (SELECT pg_catalog.max(id) FROM tunetrail.history)
                  FROM tunetrail.history WHERE id = ?
                  """)) {
            query.setLong(1, id);
            return Rows.all(query, row -> row.getBoolean(1)).equals(List.of(true));
          }
        });
  }

  /** Notes, before it begins, the script that runs outside a transaction now; null: none does. */
  public void running(long id, @Nullable String script) throws SQLException {
    execute(
        "UPDATE tunetrail.history SET running_script = ? WHERE id = ?",
        update -> {
          update.setString(1, script);
          update.setLong(2, id);
        });
  }

  /**
   * Notes, with what a working session commits, that a script of it ended, and what it left.
   *
   * @param left what the engine's history holds then
   */
  static void tookBack(Connection session, long id, HistoryRows left) throws SQLException {
    try (var update =
        session.prepareStatement(
            """
            UPDATE tunetrail.history SET to_version = ?, ancestors = ?, running_script = NULL
            WHERE id OPERATOR(pg_catalog.=) ?
            """)) {
      update.setString(1, left.current());
      update.setArray(2, session.createArrayOf("text", left.versions().toArray()));
      update.setLong(3, id);
      update.executeUpdate();
    }
  }

  /** Notes how far work came whose script outside a transaction nobody saw end well. */
  public void leaveOpen(long id, String outcome, HistoryRows left) throws SQLException {
    execute(
        "UPDATE tunetrail.history SET outcome = ?, to_version = ?, ancestors = ? WHERE id = ?",
        update -> {
          update.setString(1, outcome);
          update.setString(2, left.current());
          update.setArray(
              3, update.getConnection().createArrayOf("text", left.versions().toArray()));
          update.setLong(4, id);
        });
  }

  /**
   * Notes that work ended.
   *
   * @param versions all that the schema has now, in order
   */
  public void finish(long id, String outcome, @Nullable String toVersion, List<String> versions)
      throws SQLException {
    fence.ask(connection -> finish(connection, id, outcome, toVersion, versions));
  }

  private static int finish(
      Connection connection,
      long id,
      String outcome,
      @Nullable String toVersion,
      List<String> versions)
      throws SQLException {
    try (var update = connection.prepareStatement(WorkHistoryTable.FINISH)) {
      update.setString(1, outcome);
      update.setString(2, toVersion);
      update.setArray(3, connection.createArrayOf("text", versions.toArray()));
      update.setLong(4, id);
      return update.executeUpdate();
    }
  }

  /**
   * Notes that work on the schema ended well, and in the same transaction what it left, so that no
   * look takes its changes for somebody else's.
   *
   * @param versions all that the schema has now, in order
   * @param historyTable the engine's; null for create-all
   * @return why what it left is not recorded; empty where it is
   */
  public Optional<String> done(
      long id, @Nullable String toVersion, List<String> versions, @Nullable String historyTable)
      throws SQLException {
    return fence.ask(
        connection -> {
          connection.setAutoCommit(false);
          try {
            var unrecorded =
                RecordedSchemaTable.record(connection, id, historySchema, historyTable);
            finish(connection, id, DONE, toVersion, versions);
            connection.commit();
            return unrecorded;
          } catch (SQLException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private void execute(String sql, Parameters parameters) throws SQLException {
    fence.ask(
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            parameters.set(statement);
            return statement.executeUpdate();
          }
        });
  }
}
