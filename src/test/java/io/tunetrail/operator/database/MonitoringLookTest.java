package io.tunetrail.operator.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.MonitoringLogin;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Replication;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;

/** What goes on is measured by a login of its own, which may be wrong and harms nothing. */
@Timeout(120)
class MonitoringLookTest extends Looking {
  private static final String PASSWORD = "mo:ni/tor";
  private static final LocalReference SECRET = new LocalReference("monitor");

  private final String monitor = database.name() + "_monitor";

  @BeforeEach
  void aLoginThatReadsStatistics() {
    database.server().newRole(monitor, PASSWORD);
    database.server().execute("GRANT pg_read_all_stats TO " + monitor);
  }

  private static Resolution login(TestDatabase database, String name, @Nullable String password) {
    var secret =
        password == null
            ? Map.of("username", name)
            : Map.of("username", name, "password", password);
    return database.settings().asLogin(SECRET, Environment.PRODUCTION, secret);
  }

  private static Activity measured(TestDatabase database, @Nullable Resolution login) {
    var request = new LookRequest("uid-1", null, null, scripts(), List.of(), List.of(), login);
    return seen(new Inspector(Duration.ofSeconds(30)).look(database.settings(), request))
        .activity();
  }

  @Test
  void the_login_sees_the_state_of_sessions_that_the_owner_may_not_see() throws SQLException {
    var listener = database.name() + "_listener";
    database.server().newRole(listener, PASSWORD);
    try (var session =
        new Session("listener", Duration.ofSeconds(10), Duration.ZERO)
            .open(database.settingsOf(listener, PASSWORD))) {
      session.setAutoCommit(false);
      session.createStatement().execute("SELECT 1");

      assertThat(measured(database, null).connections()).containsOnlyKeys("hidden");
      var measured = measured(database, login(database, monitor, PASSWORD));
      assertThat(measured.connections()).containsExactly(Map.entry("idle in transaction", 1));
      assertThat(measured.monitoring()).isEqualTo(new MonitoringLogin(null));
    }
  }

  @Test
  void a_wrong_password_is_told_and_the_database_is_seen_all_the_same() {
    var measured = measured(database, login(database, monitor, "wr0ng"));
    assertThat(measured.connections()).isEmpty();
    assertThat(requireNonNull(measured.monitoring()).obstacle())
        .contains(monitor)
        .doesNotContain("wr0ng");
  }

  @Test
  void a_secret_without_a_password_is_told() {
    var measured = measured(database, login(database, monitor, null));
    assertThat(requireNonNull(measured.monitoring()).obstacle())
        .isEqualTo("Secret monitor has no key password, and no uri that gives it");
  }

  @Test
  void a_secret_that_is_missing_is_told() {
    var missing = new Resolution.Refused(Reason.SECRET_MISSING, "there is no Secret monitor");
    assertThat(measured(database, missing).monitoring())
        .isEqualTo(new MonitoringLogin("there is no Secret monitor"));
  }

  @Test
  void the_login_goes_the_connections_way_and_no_other() {
    var secret =
        Map.of(
            "uri",
            "postgresql://%s:x@elsewhere:1/other?sslmode=disable".formatted(monitor),
            "password",
            PASSWORD,
            "host",
            "elsewhere",
            "sslmode",
            "disable");
    assertThat(database.settings().asLogin(SECRET, Environment.PRODUCTION, secret))
        .isEqualTo(new Resolution.Resolved(database.settingsOf(monitor, PASSWORD)));
  }

  @Test
  void slow_statements_of_all_are_counted() {
    try (var server = TestPostgres.startOwn()) {
      server.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
      server.stop();
      server.resume();
      var own = TestDatabase.createOn(server);
      server.newRole(monitor, PASSWORD);
      server.execute("GRANT pg_read_all_stats TO " + monitor);
      server.execute(own.name(), "CREATE EXTENSION pg_stat_statements");
      own.execute("SELECT pg_sleep(0.2)");

      var slow = measured(own, login(own, monitor, PASSWORD)).slowStatements();
      assertThat(requireNonNull(slow).count()).isOne();
      assertThat(slow.worstMeanMillis()).isGreaterThan(199);
    }
  }

  @Test
  void replicas_are_counted_and_how_far_they_are_behind() throws SQLException {
    assertThat(measured(database, login(database, monitor, PASSWORD)).replication())
        .isEqualTo(new Replication(0, null, null));
    var receiver = database.name() + "_receiver";
    database.server().newRole(receiver, PASSWORD);
    database.server().execute("ALTER ROLE " + receiver + " REPLICATION");
    try (var connection = DriverManager.getConnection(url(), replicating(receiver));
        var stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .physical()
                .withStartPosition(LogSequenceNumber.valueOf(written()))
                .start()) {
      assertThat(stream.isClosed()).isFalse();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                var found = measured(database, login(database, monitor, PASSWORD)).replication();
                assertThat(requireNonNull(found).replicas()).isOne();
                assertThat(found.lagBytes()).isNotNegative();
                assertThat(found.lagSeconds()).isNotNegative();
              });
    }
  }

  /** Up to where the server has its log, for earlier segments may be gone. */
  private String written() {
    return requireNonNull(database.query("SELECT pg_current_wal_lsn()").getFirst());
  }

  private String url() {
    return "jdbc:postgresql://localhost:%d/%s".formatted(database.server().port(), database.name());
  }

  private static Properties replicating(String user) {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("replication", "true");
    properties.setProperty("assumeMinServerVersion", "9.4");
    properties.setProperty("preferQueryMode", "simple");
    return properties;
  }

  @Test
  void a_replica_tells_how_far_it_is_behind_itself() {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      server.newRole(monitor, PASSWORD);
      server.execute("GRANT pg_read_all_stats TO " + monitor);
      server.execute("CHECKPOINT");
      server.stop();
      server.resumeAsReplica();

      var found = measured(own, login(own, monitor, PASSWORD)).replication();
      assertThat(requireNonNull(found).replicas()).isZero();
    }
  }
}
