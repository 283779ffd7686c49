package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.lifecycle.Look;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InspectorConnectionTest extends Looking {
  @Test
  void fault_54_a_server_that_never_answers_meets_the_hard_timeout() throws IOException {
    try (var fake = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (var mode : List.of(SslMode.DISABLE, SslMode.VERIFY_FULL)) {
        var settings =
            new ConnectionSettings(
                "localhost", fake.getLocalPort(), "d", "u", new Password("p"), mode, null, null);
        long begun = System.nanoTime();

        var unseen =
            unseen(
                new Inspector(Duration.ofMillis(1500))
                    .look(settings, new LookRequest("uid-1", null, null, scripts())));

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isBetween(Duration.ofMillis(1400), Duration.ofSeconds(4));
        assertThat(unseen)
            .isEqualTo(
                new Look.Unseen(
                    Reason.DATABASE_UNREACHABLE,
                    "localhost:%d did not answer within 1.5 s".formatted(fake.getLocalPort())));
      }
    }
  }

  @Test
  void fault_54_a_server_that_hangs_after_the_connection_meets_the_hard_timeout()
      throws SQLException {
    try (var blocker = database.server().admin(database.name()).getConnection();
        var statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE");
      long begun = System.nanoTime();

      var unseen =
          unseen(
              new Inspector(Duration.ofMillis(1500))
                  .look(database.settings(), new LookRequest("uid-1", null, null, scripts())));

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
      assertThat(unseen.reason()).isEqualTo(Reason.DATABASE_UNREACHABLE);
      blocker.rollback();
    }
  }

  @Test
  void each_refusal_has_its_reason() {
    var good = database.settings();

    assertThat(unseen(look(database.settingsOf(database.owner(), "wrong"))).reason())
        .isEqualTo(Reason.AUTHENTICATION_FAILED);
    assertThat(unseen(look(database.settingsOf("nobody_here", "x"))).reason())
        .isEqualTo(Reason.AUTHENTICATION_FAILED);
    assertThat(
            unseen(
                    look(
                        new ConnectionSettings(
                            "localhost",
                            good.port(),
                            "nowhere",
                            good.username(),
                            good.password(),
                            good.sslMode(),
                            good.caPem(),
                            null)))
                .reason())
        .isEqualTo(Reason.DATABASE_MISSING);
    assertThat(
            unseen(
                    look(
                        new ConnectionSettings(
                            "localhost", 1, "d", "u", good.password(), SslMode.PREFER, null, null)))
                .reason())
        .isEqualTo(Reason.DATABASE_UNREACHABLE);
    assertThat(
            unseen(
                    look(
                        new ConnectionSettings(
                            "no-such-host.invalid",
                            5432,
                            "d",
                            "u",
                            good.password(),
                            SslMode.PREFER,
                            null,
                            null)))
                .reason())
        .isEqualTo(Reason.DATABASE_UNREACHABLE);
    assertThat(
            unseen(
                    look(
                        new ConnectionSettings(
                            "localhost",
                            good.port(),
                            good.database(),
                            good.username(),
                            good.password(),
                            good.sslMode(),
                            good.caPem(),
                            "no_such_role")))
                .reason())
        .isEqualTo(Reason.INVALID_CONNECTION);
  }

  @Test
  void fault_22_a_role_without_connection_slots_left_is_told_so() {
    database.server().execute("ALTER ROLE " + database.owner() + " CONNECTION LIMIT 0");

    assertThat(unseen(look(database.settings())).reason()).isEqualTo(Reason.TOO_MANY_CONNECTIONS);
  }

  @Test
  void a_database_whose_place_is_being_taken_is_away_for_a_while() {
    database
        .server()
        .execute("ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(database.name()));

    var unseen = unseen(look(database.settings()));
    assertThat(unseen.reason()).isEqualTo(Reason.DATABASE_UNREACHABLE);
    assertThat(unseen.detail()).contains("not currently accepting connections");
  }

  @Test
  void tls_is_verified_against_the_given_authority_and_the_hosts_name() {
    var good = database.settings();

    assertThat(look(good)).isInstanceOf(Look.Seen.class);
    assertThat(unseen(look(with(good, "127.0.0.1", SslMode.VERIFY_FULL, good.caPem()))).reason())
        .as("fault 50: another host's certificate")
        .isEqualTo(Reason.TLS_FAILED);
    assertThat(look(with(good, "127.0.0.1", SslMode.VERIFY_CA, good.caPem())))
        .isInstanceOf(Look.Seen.class);
    assertThat(unseen(look(with(good, "localhost", SslMode.VERIFY_FULL, null))).reason())
        .as("the system's trust knows no test authority")
        .isEqualTo(Reason.TLS_FAILED);
    assertThat(unseen(look(with(good, "localhost", SslMode.VERIFY_CA, null))).reason())
        .isEqualTo(Reason.TLS_FAILED);
    assertThat(
            unseen(look(with(good, "localhost", SslMode.VERIFY_FULL, "no certificate"))).reason())
        .isEqualTo(Reason.TLS_FAILED);
    assertThat(look(with(good, "localhost", SslMode.REQUIRE, null))).isInstanceOf(Look.Seen.class);
  }

  @Test
  void a_server_without_tls_fails_where_tls_is_required() throws IOException {
    try (var fake = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuseTls(fake));
      var settings =
          new ConnectionSettings(
              "localhost",
              fake.getLocalPort(),
              "d",
              "u",
              new Password("p"),
              SslMode.REQUIRE,
              null,
              null);

      assertThat(unseen(look(settings)).reason()).isEqualTo(Reason.TLS_FAILED);
    }
  }

  /** PostgreSQL's answer to an SSLRequest where it has no TLS. */
  private static void refuseTls(ServerSocket server) {
    try (var socket = server.accept()) {
      socket.getInputStream().readNBytes(8);
      socket.getOutputStream().write('N');
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConnectionSettings with(
      ConnectionSettings settings, String host, SslMode mode, @Nullable String caPem) {
    return new ConnectionSettings(
        host,
        settings.port(),
        settings.database(),
        settings.username(),
        settings.password(),
        mode,
        caPem,
        null);
  }
}
