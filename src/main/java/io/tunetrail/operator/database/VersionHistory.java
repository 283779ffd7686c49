package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tunetrail.history says of versions, for anybody who may connect, and what the engines' own
 * tables say, for who may read them. The session stays open between questions; each question is one
 * short transaction that writes nothing and leaves nothing set, so that it may go through a pool in
 * transaction mode.
 */
public final class VersionHistory implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final String LIMITS =
      "SET LOCAL statement_timeout = '5s'; SET LOCAL search_path = pg_catalog, pg_temp";

  private static final String READABLE =
      ". As the owner run: GRANT USAGE ON SCHEMA tunetrail TO PUBLIC;"
          + " GRANT SELECT ON tunetrail.history TO PUBLIC;";

  private final ConnectionSettings settings;
  private final EngineTables tables;
  private @Nullable Connection connection;

  public VersionHistory(ConnectionSettings settings, EngineTables tables) {
    this.settings = settings;
    this.tables = tables;
  }

  /** What the database answers. */
  public sealed interface Answer {

    /**
     * What finished works left, and what there is now.
     *
     * @param schemas that have versions, each as its newest finished work left it
     * @param created whether a create-all ever ended well
     * @param engines the engines' own histories
     */
    record Recorded(List<SchemaVersions> schemas, boolean created, List<EngineHistory> engines)
        implements Answer {}

    /** There is neither tunetrail.history nor an engine's own. */
    record NoHistory() implements Answer {}

    /** Why there is no answer; the next question opens a session anew. */
    record Unanswered(String detail) implements Answer {}
  }

  /**
   * One schema as its newest finished work left it.
   *
   * @param version null: the work went back to before the first; Alembic's are joined by commas
   * @param ancestors all versions that the schema has
   * @param baseline at which the operator took the schema over last; null: it did not by one
   * @param outcome Done, or the reason why not
   */
  public record SchemaVersions(
      String schema,
      @Nullable String version,
      List<String> ancestors,
      @Nullable String baseline,
      String outcome) {}

  /** Asks, for at most {@code patience} or a second, and never throws for what the server does. */
  public Answer read(Duration patience) {
    try {
      if (connection == null) {
        connection = open(longest(patience, LONGEST_CONNECT), longest(patience, LONGEST_ANSWER));
      }
      return ask(connection, longest(patience, LONGEST_ANSWER));
    } catch (SQLException e) {
      var detail = explained(e);
      close();
      return new Answer.Unanswered(detail);
    }
  }

  @Override
  public void close() {
    Fence.closeAll(connection);
    connection = null;
  }

  /** The simple protocol, because a statement prepared in one backend is unknown to the next. */
  private Connection open(Duration connect, Duration answer) throws SQLException {
    var opened = new Session("tunetrail/wait", connect, answer, true).open(settings);
    opened.setReadOnly(true);
    opened.setAutoCommit(false);
    return opened;
  }

  private Answer ask(Connection connection, Duration patience) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(patience.toMillis()));
    try (var statement = connection.createStatement()) {
      statement.execute(LIMITS);
    }
    var answer = answer(connection);
    connection.commit();
    return answer;
  }

  private Answer answer(Connection connection) throws SQLException {
    boolean remembered = WorkMemory.exists(connection);
    var engines = tables.read(connection, remembered);
    if (remembered) {
      return new Answer.Recorded(
          FinishedWorks.newest(connection), FinishedWorks.created(connection), engines);
    }
    return engines.isEmpty()
        ? new Answer.NoHistory()
        : new Answer.Recorded(List.of(), false, engines);
  }

  /** The GRANT for who only reads; those that SqlFailure names are for who migrates. */
  private String explained(SQLException e) {
    var failure = SqlFailure.of(e, settings);
    return failure.reason() == Reason.INSUFFICIENT_PRIVILEGE
        ? settings.redaction().apply(SqlFailure.words(e)) + (connection == null ? "" : READABLE)
        : failure.detail();
  }

  private static Duration longest(Duration patience, Duration limit) {
    var capped = patience.compareTo(limit) < 0 ? patience : limit;
    return capped.compareTo(SHORTEST) > 0 ? capped : SHORTEST;
  }
}
