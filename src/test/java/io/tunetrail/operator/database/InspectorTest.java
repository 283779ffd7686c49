package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.FlywaySpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InspectorTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";

  private final TestDatabase database = TestDatabase.create();
  private final Inspector inspector = new Inspector(Duration.ofSeconds(30));

  private static FlywaySettings settings(
      @Nullable Boolean outOfOrder, @Nullable String baselineVersion) {
    return FlywaySettings.of(
        new FlywaySpec(
            List.of(new LocalReference("sql")),
            null,
            null,
            outOfOrder,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            baselineVersion));
  }

  private static ScriptSet scripts(String... namesAndContents) {
    var files = new ArrayList<ScriptFile>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      files.add(new ScriptFile(0, namesAndContents[i], namesAndContents[i + 1]));
    }
    return new ScriptSet(files);
  }

  private DatabaseFacts facts(FlywaySettings settings, ScriptSet scripts) {
    return seen(
        inspector.look(
            database.settings(), new LookRequest(Environment.STAGING, settings, scripts)));
  }

  private SchemaState.Flyway flyway(FlywaySettings settings, ScriptSet scripts) {
    var schema = facts(settings, scripts).schema();
    assertThat(schema).isInstanceOf(SchemaState.Flyway.class);
    return (SchemaState.Flyway) schema;
  }

  private static DatabaseFacts seen(Look look) {
    assertThat(look).isInstanceOf(Look.Seen.class);
    return ((Look.Seen) look).facts();
  }

  private static Look.Unseen unseen(Look look) {
    assertThat(look).isInstanceOf(Look.Unseen.class);
    return (Look.Unseen) look;
  }

  private static List<String> states(SchemaState.Flyway schema) {
    return schema.migrations().stream().map(it -> it.script() + " " + it.state()).toList();
  }

  private Look look(ConnectionSettings settings) {
    return inspector.look(settings, new LookRequest(Environment.STAGING, null, scripts()));
  }

  private void flywayMigrates(ScriptSet scripts, FlywaySettings settings) throws InvalidScripts {
    FlywayConfiguration.of(
            settings,
            MigrationScripts.of(scripts, settings),
            new OpeningDataSource(database::connect))
        .load()
        .migrate();
  }

  @Test
  void an_empty_database_has_everything_pending_and_the_look_leaves_no_trace() {
    var scripts =
        scripts(
            "V2__artist.sql",
            "ALTER TABLE songs ADD artist text;",
            "V1__songs.sql",
            SONGS,
            "R__titles.sql",
            "SELECT 1;",
            "U1__songs.sql",
            "DROP TABLE songs;",
            "V2__artist.sql.conf",
            "executeInTransaction=false");

    var facts = facts(settings(null, null), scripts);

    var schema = (SchemaState.Flyway) facts.schema();
    assertThat(schema.historyExists()).isFalse();
    assertThat(schema.tablesExist()).isFalse();
    assertThat(schema.current()).isNull();
    assertThat(states(schema))
        .containsExactly(
            "V1__songs.sql PENDING", "V2__artist.sql PENDING", "R__titles.sql PENDING");
    assertThat(schema.migrations().getFirst().description()).isEqualTo("songs");
    assertThat(schema.migrations())
        .extracting(Migration::contentDigest)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(facts.serverVersion()).isGreaterThanOrEqualTo(170000);
    assertThat(facts.inRecovery()).isFalse();
    assertThat(facts.transactionPooled()).isFalse();
    assertThat(facts.sizeBytes()).isPositive();
    assertThat(facts.tableCount()).isZero();
    assertThat(facts.strictestEnvironment()).isNull();
    assertThat(facts.fenceHolder()).isNull();
    assertThat(facts.interrupted()).isNull();
    assertThat(facts.lastWork()).isNull();
    assertThat(
            database.query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
        .isEmpty();
    assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'tunetrail'"))
        .isEmpty();
  }

  @Test
  void what_flyway_applied_is_applied_and_its_table_is_not_counted() throws InvalidScripts {
    var settings = settings(null, null);
    flywayMigrates(
        scripts(
            "V1__songs.sql",
            SONGS,
            "V2__artist.sql",
            "ALTER TABLE songs ADD artist text;",
            "R__titles.sql",
            "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;"),
        settings);
    database.execute("CREATE TABLE plays (song int) PARTITION BY LIST (song)");

    var facts =
        facts(
            settings,
            scripts(
                "V1__songs.sql",
                SONGS,
                "V2__artist.sql",
                "ALTER TABLE songs ADD artist text; -- changed",
                "V3__year.sql",
                "SELECT 1;",
                "R__titles.sql",
                "CREATE OR REPLACE VIEW titles AS SELECT title, id FROM songs;"));

    var schema = (SchemaState.Flyway) facts.schema();
    assertThat(schema.historyExists()).isTrue();
    assertThat(schema.tablesExist()).isTrue();
    assertThat(schema.current()).isEqualTo("2");
    assertThat(states(schema))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V2__artist.sql CHANGED",
            "V3__year.sql PENDING",
            "R__titles.sql PENDING");
    assertThat(facts.tableCount()).isEqualTo(2);
  }

  @Test
  void a_script_of_a_comments_change_has_another_content() throws InvalidScripts {
    var one = flyway(settings(null, null), scripts("V1__songs.sql", SONGS)).migrations().getFirst();
    var withConfiguration =
        flyway(
                settings(null, null),
                scripts("V1__songs.sql", SONGS, "V1__songs.sql.conf", "executeInTransaction=false"))
            .migrations()
            .getFirst();

    assertThat(withConfiguration.contentDigest()).isNotEqualTo(one.contentDigest());
  }

  @Test
  void removed_future_and_skipped_scripts_are_told_apart() throws InvalidScripts {
    flywayMigrates(
        scripts("V1__songs.sql", SONGS, "V3__a.sql", "SELECT 1;", "V9__b.sql", "SELECT 1;"),
        settings(null, null));
    var now =
        scripts("V1__songs.sql", SONGS, "V2__late.sql", "SELECT 1;", "V4__more.sql", "SELECT 1;");

    assertThat(states(flyway(settings(null, null), now)))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V3__a.sql REMOVED",
            "V9__b.sql FUTURE",
            "V2__late.sql SKIPPED",
            "V4__more.sql SKIPPED");
    assertThat(states(flyway(settings(true, null), now)))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V3__a.sql REMOVED",
            "V9__b.sql FUTURE",
            "V2__late.sql PENDING",
            "V4__more.sql PENDING");
  }

  @Test
  void tables_without_a_history_stand_at_the_baseline_version() {
    database.execute(SONGS);
    var now = scripts("V1__songs.sql", SONGS, "V2__artist.sql", "SELECT 1;");

    var refused = flyway(settings(null, null), now);
    var adopted = flyway(settings(null, "1"), now);

    assertThat(refused.tablesExist()).isTrue();
    assertThat(refused.historyExists()).isFalse();
    assertThat(adopted.current()).isEqualTo("1");
    assertThat(states(adopted))
        .containsExactly("V1__songs.sql BELOW_BASELINE", "V2__artist.sql PENDING");
  }

  @Test
  void after_the_baseline_the_look_says_the_same() throws InvalidScripts {
    database.execute(SONGS);
    var now = scripts("V1__songs.sql", SONGS, "V2__artist.sql", "SELECT 1;");
    flywayMigrates(now, settings(null, "1"));

    var schema = flyway(settings(null, "1"), now);

    assertThat(schema.current()).isEqualTo("2");
    assertThat(states(schema))
        .containsExactly("V1__songs.sql BELOW_BASELINE", "V2__artist.sql APPLIED");
  }

  @Test
  void baseline_scripts_on_a_schema_without_history_are_refused() {
    var schema =
        facts(settings(null, null), scripts("V1__songs.sql", SONGS, "B5__all.sql", SONGS)).schema();

    assertThat(schema)
        .isInstanceOfSatisfying(
            SchemaState.Unreadable.class, it -> assertThat(it.detail()).contains("B5__all.sql"));
  }

  @Test
  void scripts_with_the_same_version_or_no_migrations_name_are_named() {
    var schema =
        facts(
                settings(null, null),
                scripts("V1__a.sql", "SELECT 1;", "V1__b.sql", "SELECT 1;", "notes.txt", "x"))
            .schema();

    assertThat(schema)
        .isEqualTo(
            new SchemaState.Unreadable(
                "V1__a.sql and V1__b.sql have the same version; notes.txt has none of the suffixes"
                    + " .sql"));
  }

  @Test
  void the_same_database_seen_by_two_resources_has_one_identity() {
    var one = facts(settings(null, null), scripts("V1__songs.sql", SONGS)).identity();
    var other = facts(settings(true, null), scripts("V1__other.sql", SONGS)).identity();
    var elsewhere = TestDatabase.create();

    assertThat(one).isEqualTo(other);
    assertThat(seen(look(elsewhere.settings())).identity())
        .isNotEqualTo(seen(look(database.settings())).identity());
  }

  @Test
  void an_unchanged_database_is_not_read_by_flyway_again() throws InvalidScripts {
    var scripts = scripts("V1__songs.sql", SONGS);
    flywayMigrates(scripts, settings(null, null));
    var first = facts(settings(null, null), scripts).schema();

    var second = facts(settings(null, null), scripts).schema();
    database.execute("UPDATE flyway_schema_history SET checksum = 1");
    var third = (SchemaState.Flyway) facts(settings(null, null), scripts).schema();

    assertThat(second).isSameAs(first);
    assertThat(states(third)).containsExactly("V1__songs.sql CHANGED");
  }

  @Test
  void an_invalid_index_is_named() throws SQLException {
    database.execute(SONGS + "INSERT INTO songs VALUES (1, 'a'), (2, 'a')");
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      statement.execute(
                          "CREATE UNIQUE INDEX CONCURRENTLY \"Twice\" ON songs (title)")))
          .isInstanceOf(SQLException.class);
    }

    assertThat(seen(look(database.settings())).invalidIndexes())
        .containsExactly("public.\"Twice\"");
  }

  @Test
  void who_holds_the_fence_is_seen() throws SQLException {
    var attempt =
        Fence.acquire(
            database.settings(), "tunetrail/karaoke-migrate-1", Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      assertThat(fence.isLost()).isFalse();
      assertThat(seen(look(database.settings())).fenceHolder())
          .isEqualTo("tunetrail/karaoke-migrate-1");
    }
  }

  @Test
  void the_second_key_keeps_a_new_holder_out_while_a_backend_still_works() throws SQLException {
    try (var orphan = database.connect();
        var statement = orphan.createStatement()) {
      statement.execute("SELECT pg_advisory_lock_shared(" + 0x74756e65_74726132L + ")");

      var refused =
          Fence.acquire(database.settings(), "tunetrail/next", Duration.ofMillis(300), false);

      assertThat(refused)
          .isEqualTo(
              new Fence.Attempt.Refused(
                  Reason.LOCK_NOT_OBTAINED, "test is gone, but its backend still works"));
    }
  }

  @Test
  void a_long_jobs_name_keeps_the_end_that_tells_it_apart() throws SQLException {
    var name = "tunetrail/" + "k".repeat(50) + "-0123456789";
    var attempt = Fence.acquire(database.settings(), name, Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      assertThat(fence.currentSchema()).isEqualTo("public");
      assertThat(seen(look(database.settings())).fenceHolder())
          .endsWith("k-0123456789")
          .hasSize(63);
    }
  }

  @Test
  void fault_49_hostile_functions_operators_and_search_paths_shadow_nothing_of_ours() {
    database.execute(
        """
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION evil.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE sql AS $$SELECT 'postgres'::name$$;
        CREATE FUNCTION evil.pg_database_size(oid) RETURNS int8 LANGUAGE sql AS 'SELECT 1::int8';
        CREATE FUNCTION evil.count(anyelement) RETURNS int8 LANGUAGE sql AS 'SELECT 77::int8';
        CREATE FUNCTION evil.same(name, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.same);
        CREATE FUNCTION evil.isnt(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false';
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.isnt);
        CREATE TABLE evil.pg_class (relname name, oid oid);
        CREATE TABLE evil.pg_database (datname name, oid oid);
        """);
    database
        .server()
        .execute("ALTER ROLE " + database.owner() + " SET search_path = evil, public, pg_catalog");
    var settings =
        FlywaySettings.of(
            new FlywaySpec(
                List.of(new LocalReference("sql")),
                Map.of(),
                null,
                null,
                List.of("music"),
                null,
                null,
                null,
                null,
                null,
                null,
                null));

    var facts = facts(settings, scripts("V1__songs.sql", SONGS));

    assertThat(facts.transactionPooled()).isFalse();
    assertThat(facts.inRecovery()).isFalse();
    assertThat(facts.sizeBytes()).isGreaterThan(1_000_000);
    assertThat(facts.tableCount()).isEqualTo(2);
    assertThat(states((SchemaState.Flyway) facts.schema()))
        .containsExactly("V1__songs.sql PENDING");
    assertThat(((SchemaState.Flyway) facts.schema()).historyExists()).isFalse();
  }

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
                    .look(settings, new LookRequest(Environment.STAGING, null, scripts())));

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
                  .look(
                      database.settings(), new LookRequest(Environment.STAGING, null, scripts())));

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
  void a_role_without_connection_slots_left_is_told_so() {
    database.server().execute("ALTER ROLE " + database.owner() + " CONNECTION LIMIT 0");

    assertThat(unseen(look(database.settings())).reason()).isEqualTo(Reason.TOO_MANY_CONNECTIONS);
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
