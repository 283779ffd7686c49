package io.tunetrail.operator.database;

import io.tunetrail.operator.api.SslMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * How a session is opened.
 *
 * @param applicationName what pg_stat_activity shows
 * @param connect longest time until the session stands
 * @param answer longest wait for the server's next word; zero: as long as it takes
 * @param simple one message a text of many statements, as psql's -c sends it
 */
record Session(String applicationName, Duration connect, Duration answer, boolean simple) {
  private static final int LONGEST_NAME = 63;

  /**
   * The driver would log, with a stack trace, what the exception says as well; held, or it is
   * collected.
   */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  Session {
    applicationName = tail(applicationName);
  }

  Session(String applicationName, Duration connect, Duration answer) {
    this(applicationName, connect, answer, false);
  }

  Connection open(ConnectionSettings settings) throws SQLException {
    var source = new PGSimpleDataSource();
    source.setServerNames(
        new String[] {
          settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host()
        });
    source.setPortNumbers(new int[] {settings.port()});
    source.setDatabaseName(settings.database());
    source.setUser(settings.username());
    source.setPassword(settings.password().value());
    source.setSslMode(settings.sslMode().toString());
    secure(source, settings);
    source.setApplicationName(applicationName);
    source.setAssumeMinServerVersion("9.0");
    source.setGssEncMode("disable");
    source.setConnectTimeout(seconds(connect));
    source.setProperty(PGProperty.LOGIN_TIMEOUT, Double.toString(connect.toMillis() / 1000.0));
    source.setSocketTimeout(answer.isZero() ? 0 : seconds(answer));
    source.setTcpKeepAlive(true);
    source.setPreferQueryMode(simple ? PreferQueryMode.SIMPLE : PreferQueryMode.EXTENDED);
    return source.getConnection();
  }

  /**
   * As libpq has it: given certificates are checked from require on, without any only verify-ca and
   * verify-full check; who has a certificate shows it in every mode.
   */
  private static void secure(PGSimpleDataSource source, ConnectionSettings settings)
      throws SQLException {
    var least = settings.caPem() == null ? SslMode.VERIFY_CA : SslMode.REQUIRE;
    boolean checked = settings.sslMode().compareTo(least) >= 0;
    if (checked || settings.clientCertificate() != null) {
      source.setSslfactory(TlsSockets.class.getName());
      source.setProperty(
          PGProperty.SSL_FACTORY_ARG,
          TlsSockets.argument(checked, settings.caPem(), settings.clientCertificate()));
    }
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(Math.max(1, duration.plusMillis(999).toSeconds()));
  }

  /** PostgreSQL would cut the end, and the end of a Job's name tells it from others. */
  static String tail(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(name.length() - LONGEST_NAME);
  }
}
