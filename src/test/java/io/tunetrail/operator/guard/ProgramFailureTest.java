package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs as Alembic and Python write them. */
class ProgramFailureTest {
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

  private static ProgramFailure failure(Task task, int exitCode, String output) {
    return ProgramFailure.of(new HandsAnswer(exitCode, output, false, false), task, SETTINGS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNKNOWN_REVISION|FAILED: Can't locate revision identified by 'nope'|Can't locate revision"
            + " identified by 'nope'",
        "UNKNOWN_REVISION|ERROR [flask_migrate] Error: Can't locate revision identified by"
            + " 'nope'|ERROR [flask_migrate] Error: Can't locate revision identified by 'nope'",
        "ALEMBIC_NOT_CONFIGURED|FAILED: No config file 'alembic.ini' found, or file has no"
            + " '[alembic]' section|No config file 'alembic.ini' found, or file has no '[alembic]'"
            + " section",
        "ALEMBIC_NOT_CONFIGURED|FAILED: No 'script_location' key found in configuration.|No"
            + " 'script_location' key found in configuration.",
        "ALEMBIC_NOT_CONFIGURED|NotConfigured: there is no /app/alembic.ini|NotConfigured: there is"
            + " no /app/alembic.ini",
        "PROGRAM_FAILED|FAILED: Multiple head revisions are present|the command ended with exit"
            + " code 255: Multiple head revisions are present",
        "PROGRAM_FAILED|FileNotFoundError: [Errno 2] No such file or directory: 'alembic'|the"
            + " command ended with exit code 255: FileNotFoundError: [Errno 2] No such file or"
            + " directory: 'alembic'"
      })
  void what_alembic_says_of_itself_is_told_apart(Outcome outcome, String line, String message) {
    assertThat(failure(Task.MIGRATE, 255, line + "\n"))
        .isEqualTo(new ProgramFailure(outcome, message));
  }

  @Test
  void a_sentence_that_alembic_broke_into_lines_is_whole() {
    assertThat(
            failure(
                    Task.MIGRATE,
                    255,
                    "  FAILED: Can't locate revision\n  identified by 'nope'\n\n")
                .message())
        .isEqualTo("Can't locate revision identified by 'nope'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ModuleNotFoundError: No module named 'karaoke'|ModuleNotFoundError: No module named"
            + " 'karaoke'",
        "KeyError: 'DATABASE_URL'|KeyError: 'DATABASE_URL'",
        "AssertionError|AssertionError",
        "sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from given URL"
            + " string|sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from given URL"
            + " string"
      })
  void other_exceptions_are_the_program_s(String line, String message) {
    var output = "Traceback (most recent call last):\n  File \"/app/env.py\", line 3\n" + line;

    assertThat(failure(Task.MIGRATE, 1, output))
        .isEqualTo(
            new ProgramFailure(
                Outcome.PROGRAM_FAILED, "the command ended with exit code 1: " + message));
  }

  @Test
  void a_file_that_is_no_python_is_named() {
    var output =
        """
        Traceback (most recent call last):
          File "<frozen importlib._bootstrap>", line 241, in _call_with_frames_removed
          File "/app/versions/3dd_songs.py", line 11
            import sqlalchemy as sa, (
                                     ^
        SyntaxError: invalid syntax
        """;

    assertThat(failure(Task.MIGRATE, 1, output).message())
        .endsWith("SyntaxError: invalid syntax (/app/versions/3dd_songs.py, line 11)");
  }

  @Test
  void a_refused_connection_of_the_program_s_own_is_not_the_database_s() {
    var output =
        """
        Traceback (most recent call last):
          File "/app/x.py", line 1
        ConnectionRefusedError: [Errno 111] Connection refused
        """;

    assertThat(failure(Task.CREATE_ALL, 1, output).outcome()).isEqualTo(Outcome.PROGRAM_FAILED);
  }

  @ParameterizedTest
  @CsvSource({"-9, LOST", "137, LOST", "-15, LOST", "143, LOST", "-11, PROGRAM_FAILED"})
  void a_signal_from_outside_is_not_the_program_s_fault(int exitCode, Outcome outcome) {
    assertThat(failure(Task.MIGRATE, exitCode, "").outcome()).isEqualTo(outcome);
  }

  @Test
  void who_was_told_to_end_is_lost_whatever_it_says() {
    var answer = new HandsAnswer(1, "KeyboardInterrupt", false, true);

    assertThat(ProgramFailure.of(answer, Task.MIGRATE, SETTINGS).outcome()).isEqualTo(Outcome.LOST);
  }

  @Test
  void fixtures_fail_as_fixtures_but_what_heals_alone_still_does() {
    var sql = TRACEBACK + "psycopg.errors.UndefinedTable: relation \"songs\" does not exist\n";
    var lock = TRACEBACK + "psycopg.errors.LockNotAvailable: canceling statement\n";

    assertThat(failure(Task.SEED, 1, sql).outcome()).isEqualTo(Outcome.SEED_FAILED);
    assertThat(failure(Task.SEED, 3, "bye").outcome()).isEqualTo(Outcome.SEED_FAILED);
    assertThat(failure(Task.SEED, 1, lock).outcome()).isEqualTo(Outcome.LOCK_TIMEOUT);
  }

  @Test
  void a_program_without_a_word_is_told_by_its_exit_code() {
    assertThat(failure(Task.CREATE_ALL, 3, "\n").message())
        .isEqualTo("the command ended with exit code 3 and said nothing");
  }
}
