package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What it means to the person who must act that a user's program failed.
 *
 * @param message the exception's own words and the statement's first line, without its traceback
 */
record ProgramFailure(Outcome outcome, String message) {
  private static final int NAMED = 10;
  private static final int KILLED = 9;
  private static final int TERMINATED = 15;
  private static final int SHELL_SIGNALS = 128;

  private static final Pattern OF_DATABASE =
      Pattern.compile("\\b(sqlalchemy|psycopg2?|asyncpg)\\b");
  private static final Pattern OF_DRIVER = Pattern.compile("(psycopg2?|asyncpg)\\..+");
  private static final Pattern OF_USE =
      Pattern.compile("sqlalchemy\\.exc\\.(ArgumentError|NoSuchModuleError)");

  /**
   * A kind of failure.
   *
   * @param words of the exception's class and text together, or of the program's last words
   */
  private record Rule(Pattern words, Outcome outcome) {
    Rule(String words, Outcome outcome) {
      this(Pattern.compile(words, Pattern.CASE_INSENSITIVE), outcome);
    }
  }

  private static final List<Rule> OF_ALEMBIC =
      List.of(
          new Rule("can't locate revision|no such revision or branch", Outcome.UNKNOWN_REVISION),
          new Rule(
              "no config file|no 'script_location' key|notconfigured: |path doesn't exist: ",
              Outcome.ALEMBIC_NOT_CONFIGURED));

  /**
   * Said by the drivers: in their classes, and only in words where there is no session yet or
   * SQLAlchemy gives its own class for asyncpg's.
   */
  private static final List<Rule> OF_SERVER =
      List.of(
          new Rule(
              "locknotavailable|deadlockdetected|due to lock timeout|deadlock detected",
              Outcome.LOCK_TIMEOUT),
          new Rule("querycancell?ed|canceling statement due to", Outcome.STATEMENT_TIMEOUT),
          new Rule(
              "insufficientprivilege|permission denied (for|to) |must be owner of ",
              Outcome.INSUFFICIENT_PRIVILEGE),
          new Rule(
              "invalidpassword|invalidauthorization|password authentication failed"
                  + "|no pg_hba\\.conf entry|fatal: +role \".*\" does not exist",
              Outcome.AUTHENTICATION_FAILED),
          new Rule("readonlysqltransaction|in a read-only transaction", Outcome.READ_ONLY_REPLICA),
          new Rule(
              "certificate verify failed|ssl error|does not support ssl|ssl/tls"
                  + "|rejected ssl upgrade",
              Outcome.UNREACHABLE),
          new Rule(
              "adminshutdown|crashshutdown|idlesessiontimeout|connectiondoesnotexist"
                  + "|server closed the connection|connection is closed|connection already closed"
                  + "|connection has been closed|the connection is lost|connection was closed"
                  + "|terminating connection|consuming input failed|ssl syscall error|eof detected"
                  + "|could not receive data from server|could not send data to server",
              Outcome.CONNECTION_LOST),
          new Rule(
              "connection refused|connectionrefused|connect call failed|timeout expired"
                  + "|timeouterror|connectiontimeout|connection timed out|gaierror"
                  + "|could not translate host name|name or service not known"
                  + "|failure in name resolution|failed to resolve host|no route to host"
                  + "|network is unreachable|cannotconnectnow|toomanyconnections"
                  + "|too many clients|remaining connection slots|too many connections for"
                  + "|invalidcatalogname|database \"[^\"]+\" does not exist"
                  + "|database system is (starting|shutting)",
              Outcome.UNREACHABLE));

  /** For a schema that is not as it should be; empty where there are no differences. */
  static Optional<ProgramFailure> differing(String what, List<String> differences) {
    int count = differences.size();
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new ProgramFailure(
                Outcome.SCHEMA_DIFFERS,
                "%s, %s: %s%s"
                    .formatted(
                        what,
                        count == 1 ? "1 difference" : count + " differences",
                        String.join("; ", differences.subList(0, Math.min(NAMED, count))),
                        count > NAMED ? "; and %d more".formatted(count - NAMED) : "")));
  }

  /** Classifies how a command failed; {@code settings} name whom a GRANT would be for. */
  static ProgramFailure of(HandsAnswer answer, Task task, ConnectionSettings settings) {
    int exitCode = answer.exitCode();
    if (isSignal(exitCode, KILLED)) {
      return new ProgramFailure(
          Outcome.LOST, "the command was killed (signal 9), as when its memory runs out");
    }
    if (answer.interrupted() || isSignal(exitCode, TERMINATED)) {
      return new ProgramFailure(Outcome.LOST, "the command was told to end before it was done");
    }
    var failure = of(ProgramWords.of(answer.output()), exitCode, task, settings);
    boolean itsOwnFault =
        failure.outcome() == Outcome.SQL_FAILED || failure.outcome() == Outcome.PROGRAM_FAILED;
    return task == Task.SEED && itsOwnFault
        ? new ProgramFailure(Outcome.SEED_FAILED, failure.message())
        : failure;
  }

  /** A shell adds 128 to the number of the signal that ended its command. */
  private static boolean isSignal(int exitCode, int signal) {
    return exitCode == -signal || exitCode == SHELL_SIGNALS + signal;
  }

  private static ProgramFailure of(
      ProgramWords words, int exitCode, Task task, ConnectionSettings settings) {
    var said = words.exception() + " " + words.text();
    var ofAlembic = outcome(OF_ALEMBIC, said);
    if (ofAlembic != null && !OF_DRIVER.matcher(words.exception()).matches()) {
      return new ProgramFailure(ofAlembic, words.text());
    }
    if (said.contains("cannot use a string pattern on a bytes-like object")) {
      return new ProgramFailure(
          Outcome.SQL_FAILED,
          "%s: the database's encoding is SQL_ASCII, for which psycopg gives bytes instead of texts; make the database with ENCODING 'UTF8'"
              .formatted(words.text()));
    }
    if (!OF_DATABASE.matcher(words.exception() + words.traceback()).find()) {
      return ofProgram(words, exitCode);
    }
    var ofServer = outcome(OF_SERVER, said);
    if (ofServer != null) {
      return ofServer(ofServer, words, settings);
    }
    boolean raisedBySql =
        OF_DATABASE.matcher(words.exception()).lookingAt()
            && !OF_USE.matcher(words.exception()).matches();
    return raisedBySql ? ofSql(words, task) : ofProgram(words, exitCode);
  }

  private static @Nullable Outcome outcome(List<Rule> rules, String said) {
    return rules.stream()
        .filter(it -> it.words().matcher(said).find())
        .map(Rule::outcome)
        .findFirst()
        .orElse(null);
  }

  private static ProgramFailure ofServer(
      Outcome outcome, ProgramWords words, ConnectionSettings settings) {
    var grant =
        outcome == Outcome.INSUFFICIENT_PRIVILEGE
            ? SqlFailure.missingGrant(words.text(), settings)
            : "";
    return new ProgramFailure(outcome, sqlWords(words) + grant);
  }

  private static ProgramFailure ofSql(ProgramWords words, Task task) {
    boolean isThere =
        words.exception().contains("DuplicateTable")
            || words.exception().contains("DuplicateObject")
            || words.text().contains("already exists");
    var adopt = isThere && task == Task.MIGRATE ? SqlFailure.TAKE_OVER : "";
    return new ProgramFailure(Outcome.SQL_FAILED, sqlWords(words) + adopt);
  }

  private static String sqlWords(ProgramWords words) {
    var in = words.statement() == null ? "" : ", in: " + words.statement();
    return words.text() + words.detail() + in;
  }

  private static ProgramFailure ofProgram(ProgramWords words, int exitCode) {
    var text =
        words.exception().isEmpty() || words.text().equals(words.exception())
            ? words.text()
            : words.exception() + ": " + words.text();
    return new ProgramFailure(
        Outcome.PROGRAM_FAILED,
        text.isEmpty()
            ? "the command ended with exit code %d and said nothing".formatted(exitCode)
            : "the command ended with exit code %d: %s".formatted(exitCode, text));
  }
}
