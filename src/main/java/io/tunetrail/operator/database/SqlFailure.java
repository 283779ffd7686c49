package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * What an {@link SQLException} means to the person who must act, without the password that it may
 * tell.
 *
 * @param reason {@link Reason#CONNECTION_LOST} for a connection that was cut, {@link
 *     Reason#MIGRATION_FAILED} for whatever is wrong with the SQL itself
 * @param detail what happened in PostgreSQL's own words, with the GRANT where one is missing
 */
public record SqlFailure(Reason reason, String detail) {

  /** Said of a migration that makes what is there already. */
  public static final String TAKE_OVER =
      ". If the tables come from an earlier version or were changed by hand, take them for the"
          + " version that they have with migration.adopt: Rebaseline";

  /** Of schemas, tables, columns, functions and other objects. */
  private static final Set<String> ALREADY_THERE =
      Set.of("42P06", "42P07", "42701", "42723", "42710");

  /** Whether something was to be made that is there already. */
  public static boolean isAlreadyThere(SQLException failure) {
    return ALREADY_THERE.contains(String.valueOf(failure.getSQLState()));
  }

  /** Classifies by SQLSTATE; {@code settings} name the database and user that a GRANT is for. */
  public static SqlFailure of(SQLException failure, ConnectionSettings settings) {
    var told = told(failure, settings);
    return new SqlFailure(told.reason(), settings.redaction().apply(told.detail()));
  }

  private static SqlFailure told(SQLException failure, ConnectionSettings settings) {
    var state = Objects.requireNonNullElse(failure.getSQLState(), "");
    var words = words(failure);
    var address = settings.host() + ":" + settings.port();
    return switch (state) {
      case "28P01", "28000" -> authentication(words, settings);
      case "3D000" -> new SqlFailure(Reason.DATABASE_MISSING, address + " says: " + words);
      case "53300" -> new SqlFailure(Reason.TOO_MANY_CONNECTIONS, address + " says: " + words);
      case "42501" ->
          new SqlFailure(Reason.INSUFFICIENT_PRIVILEGE, words + Grants.missing(failure, settings));
      case "55P03" -> new SqlFailure(Reason.LOCK_TIMEOUT, words);
      case "40P01" -> new SqlFailure(Reason.LOCK_TIMEOUT, words);
      case "57014" -> new SqlFailure(Reason.STATEMENT_TIMEOUT, words);
      case "25006" -> new SqlFailure(Reason.READ_ONLY_REPLICA, words);
      case "57P01", "57P02", "57P05" ->
          new SqlFailure(Reason.CONNECTION_LOST, "the server ended the connection: " + words);
      case "55000" ->
          isRefusedConnection(failure)
              ? new SqlFailure(Reason.DATABASE_UNREACHABLE, address + " says: " + words)
              : new SqlFailure(Reason.MIGRATION_FAILED, words);
      case "57P03", "57P04" ->
          new SqlFailure(Reason.DATABASE_UNREACHABLE, address + " says: " + words);
      case "08000", "08001", "08003", "08004", "08006", "08007", "08P01" ->
          connection(failure, words, address);
      default -> new SqlFailure(Reason.MIGRATION_FAILED, words);
    };
  }

  /**
   * A database takes no connections while a restore puts another one in its place. By the routine,
   * for the state is that of many statements, and the words are in the server's language.
   */
  private static boolean isRefusedConnection(SQLException failure) {
    var said = failure instanceof PSQLException pg ? pg.getServerErrorMessage() : null;
    return said != null && "CheckMyDatabase".equals(said.getRoutine());
  }

  /**
   * A sentence with the GRANT that PostgreSQL's words ask for, as another program passed them on;
   * empty where they don't say enough for one.
   */
  public static String missingGrant(String words, ConnectionSettings settings) {
    return Grants.missing(words, settings);
  }

  /** Whether the session is gone, so that nothing is known of a statement that was under way. */
  public boolean lost() {
    return reason == Reason.CONNECTION_LOST || reason == Reason.DATABASE_UNREACHABLE;
  }

  /**
   * PostgreSQL's message, detail and hint, or the driver's message where the server said nothing.
   */
  static String words(SQLException failure) {
    var said = failure instanceof PSQLException pg ? pg.getServerErrorMessage() : null;
    if (said == null || said.getMessage() == null) {
      return Objects.requireNonNullElse(failure.getMessage(), "no reason given");
    }
    var words = new StringBuilder(said.getMessage());
    append(words, "Detail", said.getDetail());
    append(words, "Hint", said.getHint());
    append(words, "Where", said.getWhere());
    return words.toString();
  }

  private static void append(StringBuilder words, String name, @Nullable String text) {
    if (text != null) {
      words.append(". ").append(name).append(": ").append(text.strip());
    }
  }

  /** pg_hba.conf's refusal of an unencrypted connection has the SQLSTATE of a wrong password. */
  private static SqlFailure authentication(String words, ConnectionSettings settings) {
    if (words.contains("SSL off") || words.contains("no encryption")) {
      return new SqlFailure(
          Reason.TLS_FAILED,
          "sslmode is %s and the server says: %s".formatted(settings.sslMode(), words));
    }
    return new SqlFailure(Reason.AUTHENTICATION_FAILED, words);
  }

  private static SqlFailure connection(SQLException failure, String words, String address) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || cause instanceof CertificateException) {
        return new SqlFailure(Reason.TLS_FAILED, "%s: %s".formatted(address, deepest(failure)));
      }
    }
    if (isTls(failure)) {
      return new SqlFailure(Reason.TLS_FAILED, "%s: %s".formatted(address, words));
    }
    var root = deepest(failure);
    return new SqlFailure(
        Reason.DATABASE_UNREACHABLE,
        "%s: %s".formatted(address, words.contains(root) ? words : words + " (" + root + ")"));
  }

  /**
   * The driver's own refusals carry no SSLException: a server without TLS, a certificate for
   * another host.
   */
  private static boolean isTls(SQLException failure) {
    var message = Objects.requireNonNullElse(failure.getMessage(), "");
    return message.contains("does not support SSL")
        || message.contains("could not be verified by hostnameverifier");
  }

  private static String deepest(Throwable failure) {
    var deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return Objects.requireNonNullElse(deepest.getMessage(), deepest.getClass().getSimpleName());
  }
}
