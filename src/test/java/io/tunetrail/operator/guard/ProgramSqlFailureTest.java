package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs as SQLAlchemy and the drivers write them. */
class ProgramSqlFailureTest {
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(
          "db", 5432, "karaoke", "app", new Password("x"), SslMode.PREFER, null, null);

  private static final String TRACEBACK =
      """
      INFO  [alembic.runtime.migration] Running upgrade  -> 3dded2937bcf, songs
      Traceback (most recent call last):
        File "/app/lib/sqlalchemy/engine/base.py", line 1970, in _exec_single_context
          self.dialect.do_execute(
      psycopg.errors.Inner: not this one

      The above exception was the direct cause of the following exception:

      Traceback (most recent call last):
        File "/app/lib/sqlalchemy/engine/default.py", line 924, in do_execute
          cursor.execute(statement, parameters)
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      """;

  private static final String BACKGROUND =
      "(Background on this error at: https://sqlalche.me/e/21/f405)\n";

  private static ProgramFailure failure(Task task, int exitCode, String output) {
    return ProgramFailure.of(new HandsAnswer(exitCode, output, false, false), task, SETTINGS);
  }

  private static ProgramFailure raised(String lines) {
    return failure(Task.MIGRATE, 1, TRACEBACK + lines);
  }

  static Stream<Arguments> ofServer() {
    return Stream.of(
        Arguments.of(
            Outcome.LOCK_TIMEOUT,
            "sqlalchemy.exc.OperationalError: (psycopg2.errors.LockNotAvailable) canceling"
                + " statement due to lock timeout\n",
            "canceling statement due to lock timeout"),
        Arguments.of(
            Outcome.LOCK_TIMEOUT,
            "sqlalchemy.exc.DBAPIError: (sqlalchemy.dialects.postgresql.asyncpg.Error) <class"
                + " 'asyncpg.exceptions.DeadlockDetectedError'>: deadlock detected\n"
                + "DETAIL:  Process 1 waits.\n",
            "deadlock detected. DETAIL: Process 1 waits."),
        Arguments.of(
            Outcome.STATEMENT_TIMEOUT,
            "sqlalchemy.exc.DBAPIError: (sqlalchemy.dialects.postgresql.asyncpg.Error) canceling"
                + " statement due to statement timeout\n",
            "canceling statement due to statement timeout"),
        Arguments.of(
            Outcome.INSUFFICIENT_PRIVILEGE,
            "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.InsufficientPrivilege) permission"
                + " denied for schema public\n"
                + "LINE 1: CREATE TABLE x (i int)\n",
            "permission denied for schema public. As the owner run: GRANT CREATE ON SCHEMA"
                + " \"public\" TO \"app\"; GRANT USAGE ON SCHEMA \"public\" TO \"app\";"),
        Arguments.of(
            Outcome.INSUFFICIENT_PRIVILEGE,
            "asyncpg.exceptions.InsufficientPrivilegeError: must be owner of table songs\n",
            "must be owner of table songs. Make \"app\" the owner of table songs, or set"
                + " connection.role to its owner"),
        Arguments.of(
            Outcome.AUTHENTICATION_FAILED,
            "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed:"
                + " connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  password"
                + " authentication failed for user \"app\"\n",
            "connection failed: connection to server at \"127.0.0.1\", port 5432 failed: FATAL: "
                + " password authentication failed for user \"app\""),
        Arguments.of(
            Outcome.AUTHENTICATION_FAILED,
            "asyncpg.exceptions.InvalidAuthorizationSpecificationError: no pg_hba.conf entry for"
                + " host\n",
            "no pg_hba.conf entry for host"),
        Arguments.of(
            Outcome.READ_ONLY_REPLICA,
            "sqlalchemy.exc.InternalError: (psycopg.errors.ReadOnlySqlTransaction) cannot execute"
                + " CREATE TABLE in a read-only transaction\n",
            "cannot execute CREATE TABLE in a read-only transaction"),
        Arguments.of(
            Outcome.CONNECTION_LOST,
            "sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown) terminating connection"
                + " due to administrator command\n",
            "terminating connection due to administrator command"),
        Arguments.of(
            Outcome.CONNECTION_LOST,
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) SSL SYSCALL error: EOF"
                + " detected\n",
            "SSL SYSCALL error: EOF detected"),
        Arguments.of(
            Outcome.CONNECTION_LOST,
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not receive data"
                + " from server: Connection reset by peer\n",
            "could not receive data from server: Connection reset by peer"),
        Arguments.of(
            Outcome.CONNECTION_LOST,
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the"
                + " connection unexpectedly\n"
                + "\tThis probably means the server terminated abnormally\n"
                + "\tbefore or while processing the request.\n",
            "server closed the connection unexpectedly"),
        Arguments.of(
            Outcome.CONNECTION_LOST,
            "sqlalchemy.exc.InterfaceError: (sqlalchemy.dialects.postgresql.asyncpg.InterfaceError)"
                + " <class 'asyncpg.exceptions._base.InterfaceError'>: connection is closed\n",
            "connection is closed"),
        Arguments.of(
            Outcome.UNREACHABLE,
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at"
                + " \"127.0.0.1\", port 5432 failed: Connection refused\n"
                + "\tIs the server running on that host and accepting TCP/IP connections?\n\n",
            "connection to server at \"127.0.0.1\", port 5432 failed: Connection refused"),
        Arguments.of(
            Outcome.UNREACHABLE,
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not translate host"
                + " name \"db\" to address: Name or service not known\n",
            "could not translate host name \"db\" to address: Name or service not known"),
        Arguments.of(
            Outcome.UNREACHABLE,
            "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed: server"
                + " does not support SSL, but SSL was required\n",
            "connection failed: server does not support SSL, but SSL was required"),
        Arguments.of(
            Outcome.UNREACHABLE,
            "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)\n",
            "[Errno 111] Connect call failed ('127.0.0.1', 5432)"),
        Arguments.of(Outcome.UNREACHABLE, "TimeoutError\n", "TimeoutError"));
  }

  @ParameterizedTest
  @MethodSource("ofServer")
  void what_the_server_or_the_driver_says_is_told_apart(
      Outcome outcome, String lines, String message) {
    assertThat(raised(lines + BACKGROUND)).isEqualTo(new ProgramFailure(outcome, message));
  }

  @Test
  void the_statement_is_named_by_its_first_line() {
    var failure =
        raised(
            """
            sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "bands" does not exist

            [SQL:
            CREATE TABLE songs (
            \tband INTEGER REFERENCES bands (id)
            )

            ]
            [parameters: {'secret': 'not this'}]
            """
                + BACKGROUND);

    assertThat(failure)
        .isEqualTo(
            new ProgramFailure(
                Outcome.SQL_FAILED, "relation \"bands\" does not exist, in: CREATE TABLE songs ("));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqlalchemy.exc.ProgrammingError: (psycopg.errors.DuplicateTable) relation \"songs\""
            + " already exists",
        "sqlalchemy.exc.ProgrammingError: (sqlalchemy.dialects.postgresql.asyncpg.ProgrammingError)"
            + " relation \"songs\" already exists",
        "psycopg2.errors.DuplicateObject: type \"songs\" already exists",
        "asyncpg.exceptions.DuplicateTableError: relation \"songs\" already exists"
      })
  void tables_that_are_there_already_may_be_adopted(String line) {
    var migration = raised(line + "\n[SQL: CREATE TABLE songs (i int)]\n");

    assertThat(migration.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(migration.message())
        .contains(
            "\"songs\" already exists, in: CREATE TABLE songs (i int).",
            "If the tables come from an earlier version or were changed by hand, take them for the"
                + " version that they have with migration.adopt: Rebaseline");
    assertThat(failure(Task.CREATE_ALL, 1, TRACEBACK + line).message())
        .endsWith("\"songs\" already exists");
  }

  @Test
  void a_duplicate_row_is_no_duplicate_table() {
    assertThat(
            raised(
                """
                sqlalchemy.exc.IntegrityError: (psycopg.errors.UniqueViolation) duplicate key value violates unique constraint "songs_pkey"
                DETAIL:  Key (id)=(1) already exists.
                [SQL: INSERT INTO songs VALUES (%(id)s)]
                """))
        .isEqualTo(
            new ProgramFailure(
                Outcome.SQL_FAILED,
                "duplicate key value violates unique constraint \"songs_pkey\". DETAIL: Key"
                    + " (id)=(1) already exists., in: INSERT INTO songs VALUES (%(id)s)"));
  }

  @Test
  void the_encoding_is_named_where_psycopg_trips_over_it() {
    var failure = raised("TypeError: cannot use a string pattern on a bytes-like object\n");

    assertThat(failure.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(failure.message()).contains("SQL_ASCII", "ENCODING 'UTF8'");
  }

  @Test
  void an_exception_is_found_even_when_its_traceback_s_beginning_is_cut_off() {
    var failure =
        failure(
            Task.MIGRATE,
            1,
            """
            ngine/base.py", line 1
                x()
            psycopg.errors.UndefinedTable: relation "songs" does not exist
            LINE 1: x
            """);

    assertThat(failure)
        .isEqualTo(new ProgramFailure(Outcome.SQL_FAILED, "relation \"songs\" does not exist"));
  }

  @Test
  void a_message_is_short_however_much_was_said() {
    var failure = raised("psycopg.errors.DataError: " + "x".repeat(10_000) + "\n");

    assertThat(failure.message()).hasSizeLessThan(500).endsWith("…");
  }
}
