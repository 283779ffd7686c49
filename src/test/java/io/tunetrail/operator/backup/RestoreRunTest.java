package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.backup.RestoreReport.Phase;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.Extension;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.RestoreNames;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import io.tunetrail.operator.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restores on a real server; plain SQL stands for the archives. */
@Timeout(180)
class RestoreRunTest {
  private static final BackupChoice LATEST = BackupChoice.latest(false);

  @TempDir Path folder = Path.of("");
  private TestRestore restore;

  @BeforeEach
  void live_database_and_its_backup() throws Exception {
    restore = TestRestore.create(folder);
  }

  private String live() {
    return restore.live().name();
  }

  private static RestoreReport report(WorkResult result) {
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
    return requireNonNull(result.restore());
  }

  /** The old one serves as if nothing had been tried, and nothing else is left. */
  private void assertUntouched() {
    assertThat(restore.titles(live())).containsExactly("Live");
    assertThat(restore.takesSessions(live())).isTrue();
    assertThat(restore.databases(live() + "_before")).isEmpty();
    assertThat(restore.unfinished()).isEmpty();
  }

  private void assertRefused(WorkResult result, String... words) {
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.RESTORE_REFUSED);
    assertThat(result.message()).contains(words);
    assertUntouched();
  }

  @Test
  void the_backup_takes_the_live_ones_place_and_the_old_one_stays_closed_beside_it()
      throws Exception {
    var report = report(restore.inPlace(LATEST));

    assertThat(restore.titles(live())).containsExactly("Waterloo", "Africa");
    var previous = requireNonNull(report.previousDatabase());
    assertThat(previous).matches(live() + "_before_[0-9]{8}_[0-9]{6}");
    assertThat(restore.takesSessions(previous)).isFalse();
    restore.server().execute("ALTER DATABASE \"%s\" ALLOW_CONNECTIONS true".formatted(previous));
    assertThat(restore.titles(previous)).containsExactly("Live");
    assertThat(report)
        .isEqualTo(
            new RestoreReport(
                TestRestore.GENUINE,
                live(),
                report.safetyBackup(),
                previous,
                1,
                2,
                report.phases()));
    assertThat(report.phases())
        .extracting(Phase::name)
        .containsExactly("Checking", "SafetyBackup", "Restoring", "Comparing", "Swapping");
    assertThat(restore.unfinished()).isEmpty();
  }

  @Test
  void what_is_replaced_is_a_backup_first_which_no_later_restore_takes_by_chance()
      throws Exception {
    var safety = requireNonNull(report(restore.inPlace(LATEST)).safetyBackup());

    assertThat(safety).matches("karaoke-[0-9]{8}T[0-9]{6}Z-safety");
    assertThat(restore.store().manifests())
        .filteredOn(it -> it.name().equals(safety))
        .singleElement()
        .satisfies(
            it -> assertThat(it.tables()).containsExactly(new TableRows("public", "songs", 1)));
    assertThat(LATEST.of(restore.store().kept()).orElseThrow().name())
        .isEqualTo(TestRestore.GENUINE);
  }

  @Test
  void owner_grants_settings_comment_and_limit_are_carried_over() {
    var server = restore.server();
    var singer = live() + "_singer";
    server.newRole(singer, "pw");
    restore.live().execute("CREATE SCHEMA \"Lyrics, old\"");
    server.execute(
        """
        REVOKE ALL ON DATABASE "%1$s" FROM PUBLIC;
        GRANT CONNECT ON DATABASE "%1$s" TO "%2$s" WITH GRANT OPTION;
        ALTER DATABASE "%1$s" SET search_path = public, "Lyrics, old", "$user";
        ALTER DATABASE "%1$s" SET app.motto = 'it''s, "loud" \\o/';
        ALTER DATABASE "%1$s" SET default_transaction_read_only = on;
        ALTER ROLE "%3$s" IN DATABASE "%1$s" SET work_mem = '5MB';
        GRANT SET ON PARAMETER app.motto TO "%1$s_admin";
        COMMENT ON DATABASE "%1$s" IS 'Who''s singing?';
        ALTER DATABASE "%1$s" CONNECTION LIMIT 42
        """
            .formatted(live(), singer, restore.live().owner()));
    var before = traits();

    report(restore.inPlace(LATEST));

    assertThat(traits()).isEqualTo(before);
    assertThat(before.getFirst()).contains(singer, "Lyrics, old", "Who's singing?", "42");
  }

  private List<String> traits() {
    return List.of(
        String.valueOf(
            restore
                .server()
                .query(
                    """
                    SELECT concat_ws(' | ', pg_get_userbyid(d.datdba), d.datacl::text, d.datconnlimit,
                      shobj_description(d.oid, 'pg_database'), d.datcollate, d.datctype, d.encoding, d.dattablespace,
                      (SELECT string_agg(s.setrole || ': ' || s.setconfig::text, '; ' ORDER BY s.setrole)
                       FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))
                    FROM pg_database d WHERE d.datname = '%s'
                    """
                        .formatted(live()))
                .getFirst()));
  }

  @Test
  void what_the_admin_may_not_carry_over_refuses_it_before_anything_is_backed_up()
      throws Exception {
    var singer = live() + "_singer";
    restore.server().newRole(singer, "pw");
    restore
        .server()
        .execute(
            "ALTER ROLE \"%s\" IN DATABASE \"%s\" SET app.secret = 'xyzzy'"
                .formatted(singer, live()));

    var result = restore.inPlace(LATEST);

    assertRefused(result, "ALTER ROLE \"" + singer + "\" IN DATABASE", "SET app.secret");
    assertThat(result.message()).doesNotContain("xyzzy");
    assertThat(restore.store().manifests()).hasSize(1);
  }

  @Test
  void applications_that_never_stop_to_come_in_are_kept_out_for_the_swap() throws Exception {
    var ended = new AtomicBoolean();
    var busy =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!ended.get()) {
                    try (var connection = restore.live().connect();
                        var statement = connection.createStatement()) {
                      statement.execute("SELECT pg_sleep(0.2)");
                    } catch (SQLException e) {
                      Thread.onSpinWait();
                    }
                  }
                });
    try {
      report(restore.inPlace(LATEST));
    } finally {
      ended.set(true);
      busy.join();
    }
    assertThat(restore.titles(live())).containsExactly("Waterloo", "Africa");
  }

  @Test
  void fault_37_a_pod_that_is_stopped_in_the_middle_of_the_swap_leaves_the_old_one_serving()
      throws Exception {
    try (var stays = restore.server().admin(live()).getConnection()) {
      var process = restore.startInPlace();
      await().atMost(Duration.ofSeconds(60)).until(() -> !restore.takesSessions(live()));

      process.destroy();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(stays.isValid(1)).isTrue();
    }
    assertUntouched();
    report(restore.inPlace(LATEST));
    assertThat(restore.titles(live())).containsExactly("Waterloo", "Africa");
  }

  @Test
  void fault_37_a_pod_that_is_killed_there_is_mended_by_the_next_attempt() throws Exception {
    try (var stays = restore.server().admin(live()).getConnection()) {
      var process = restore.startInPlace();
      await().atMost(Duration.ofSeconds(60)).until(() -> !restore.takesSessions(live()));

      process.destroyForcibly().waitFor();

      assertThat(stays.isValid(1)).isTrue();
      assertThat(restore.unfinished()).hasSize(1);
    }
    report(restore.inPlace(LATEST));
    assertThat(restore.titles(live())).containsExactly("Waterloo", "Africa");
    assertThat(restore.unfinished()).isEmpty();
  }

  @Test
  void fault_37_a_restore_that_fails_half_way_touches_only_the_database_it_made() throws Exception {
    restore.backUp(
        "karaoke-20260505T030000Z",
        "CREATE TABLE public.songs (id int)\n--;\nINSERT INTO public.songs SELECT 1/0",
        TestRestore.ROWS,
        it -> later(it));

    var result = restore.inPlace(LATEST);

    assertThat(result.outcome()).isEqualTo(Outcome.RESTORE_FAILED);
    assertThat(result.message()).contains("division by zero");
    assertThat(requireNonNull(result.restore()).safetyBackup()).isNull();
    assertThat(restore.store().manifests()).hasSize(2);
    assertUntouched();
  }

  @Test
  void fault_37_into_a_new_database_nothing_is_left_where_it_fails() throws Exception {
    restore.backUp("karaoke-20260505T030000Z", "SELECT 1/0", TestRestore.ROWS, it -> later(it));

    var result = restore.into(live() + "_copy", LATEST);

    assertThat(result.outcome()).isEqualTo(Outcome.RESTORE_FAILED);
    assertThat(restore.databases(live() + "_copy")).isEmpty();
    assertUntouched();
  }

  @Test
  void fault_36_a_flipped_bit_or_a_cut_file_is_found_before_anything_is_swapped() throws Exception {
    var archive = folder.resolve("backups").resolve(TestRestore.GENUINE + ".dump");
    var sql = Files.readString(archive);
    Files.writeString(archive, sql.replace("Waterloo", "Waterlop"));
    var flipped = restore.inPlace(LATEST);
    assertThat(flipped.outcome()).isEqualTo(Outcome.RESTORE_FAILED);
    assertThat(flipped.message()).contains("damaged", "SHA-256");

    Files.writeString(archive, sql.substring(0, sql.length() - 20));
    var cut = restore.inPlace(LATEST);
    assertThat(cut.outcome()).isEqualTo(Outcome.RESTORE_FAILED);
    assertThat(cut.message()).contains("damaged", "bytes");
    assertUntouched();
  }

  @Test
  void what_is_not_what_the_manifest_says_is_not_swapped_in() throws Exception {
    restore.backUp(
        "karaoke-20260505T030000Z",
        TestRestore.SONGS,
        List.of(new TableRows("public", "songs", 3), new TableRows("public", "plays", 1)),
        it -> later(it));

    var result = restore.inPlace(LATEST);

    assertThat(result.outcome()).isEqualTo(Outcome.RESTORE_DIFFERS);
    assertThat(result.message())
        .isEqualTo("public.plays is missing, public.songs has 2 rows instead of 3");
    assertUntouched();
  }

  /**
   * A server that was made before 15, or upgraded from there, dumps that schema as a superuser's.
   */
  @Test
  void the_public_schema_keeps_its_owner_where_the_login_can_not_give_it_the_former_one()
      throws Exception {
    var name = "karaoke-20260505T030000Z";
    for (var owner : List.of("postgres", restore.live().owner())) {
      restore.backUp(
          name,
          "%s5; 2615 2200 SCHEMA - public %s%nALTER SCHEMA public OWNER TO \"%s\"%n--;%n%s"
              .formatted(ArchiveProgram.ENTRY, owner, owner, TestRestore.SONGS),
          TestRestore.ROWS,
          it -> later(it));
      var copy = live() + "_of_" + owner;
      report(restore.into(copy, BackupChoice.named(name)));
      assertThat(restore.titles(copy)).containsExactly("Waterloo", "Africa");
      assertThat(
              restore
                  .server()
                  .query(
                      copy,
                      "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"))
          .containsExactly(owner.equals("postgres") ? "pg_database_owner" : owner);
    }
  }

  @Test
  void fault_53_what_a_hostile_archive_tries_it_tries_as_a_role_that_may_not() throws Exception {
    for (var hostile :
        List.of(
            "RESET ROLE; ALTER ROLE CURRENT_USER SUPERUSER",
            "SET SESSION AUTHORIZATION postgres",
            "COPY (SELECT 1) TO PROGRAM 'touch /tmp/owned'",
            "\\! touch /tmp/owned\n")) {
      var name = "karaoke-20260505T03%04dZ".formatted(restore.store().kept().size());
      restore.backUp(name, hostile, TestRestore.ROWS, it -> it);

      var result = restore.inPlace(BackupChoice.named(name));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.RESTORE_FAILED);
      assertUntouched();
    }
  }

  @Test
  void fault_53_no_superuser_restores_nor_one_who_may_become_it() {
    var superuser = live() + "_super";
    restore.server().newRole(superuser, "pw");
    restore.server().execute("ALTER ROLE \"%s\" SUPERUSER".formatted(superuser));
    var settings = restore.live().settingsOf(superuser, "pw");
    assertRefused(
        restore.run(LATEST, live() + "_copy", settings, null),
        "is a superuser",
        "NOSUPERUSER",
        "RESET ROLE");

    restore
        .server()
        .execute("GRANT pg_execute_server_program TO \"%s\"".formatted(restore.live().owner()));
    assertRefused(restore.inPlace(LATEST), "a member of \"pg_execute_server_program\"", "REVOKE");
  }

  @Test
  void roles_extensions_and_majors_that_the_server_lacks_are_named() throws Exception {
    change(
        it ->
            new DatabaseContent(
                it.database(),
                it.systemIdentifier(),
                it.oid(),
                990_001,
                null,
                it.locale(),
                List.of(
                    new Extension("karaoke", "1", "public"),
                    new Extension("citext", "1", "public")),
                List.of("lost singer")));

    var result = restore.inPlace(LATEST);

    assertRefused(
        result,
        "CREATE ROLE \"lost singer\";",
        "CREATE EXTENSION \"karaoke\";",
        "the backup of PostgreSQL 99");
    assertThat(result.message()).doesNotContain("citext");
  }

  /** A later backup whose content says something else. */
  private void change(UnaryOperator<DatabaseContent> change) throws Exception {
    restore.backUp(
        "karaoke-20260505T030000Z",
        TestRestore.SONGS,
        TestRestore.ROWS,
        it -> with(later(it), change.apply(requireNonNull(it.content()))));
  }

  private static Manifest later(Manifest it) {
    return TestRestore.with(
        it, Map.of("started", "2026-05-05T03:00:00Z", "finished", "2026-05-05T03:01:00Z"));
  }

  private static Manifest with(Manifest it, DatabaseContent content) {
    return TestRestore.with(it, Map.of("content", content));
  }

  @Test
  void a_subscription_refuses_it_in_place() {
    restore
        .server()
        .execute(
            live(),
            "CREATE SUBSCRIPTION charts CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false,"
                + " slot_name = NONE)");

    assertRefused(restore.inPlace(LATEST), "subscription charts");

    restore.server().execute(live(), "DROP SUBSCRIPTION charts");
  }

  @Test
  void an_admin_who_may_not_is_told_the_statements() {
    restore
        .server()
        .execute(
            "ALTER ROLE \"%1$s_admin\" NOCREATEDB; REVOKE \"%1$s_owner\" FROM \"%1$s_admin\""
                .formatted(live()));

    assertRefused(
        restore.inPlace(LATEST),
        "ALTER ROLE \"%s_admin\" CREATEDB;".formatted(live()),
        "GRANT \"%1$s_owner\" TO \"%1$s_admin\";".formatted(live()));
  }

  @Test
  void a_new_database_is_made_by_the_own_login_where_it_may_make_some() {
    assertThat(restore.run(LATEST, live() + "_copy", restore.live().settings(), null).message())
        .contains("CREATEDB;");
    restore.server().execute("ALTER ROLE \"%s\" CREATEDB".formatted(restore.live().owner()));

    var report = report(restore.run(LATEST, live() + "_copy", restore.live().settings(), null));

    assertThat(restore.titles(live() + "_copy")).containsExactly("Waterloo", "Africa");
    assertThat(report.database()).isEqualTo(live() + "_copy");
    assertThat(report.safetyBackup()).isNull();
    assertThat(report.previousDatabase()).isNull();
    assertUntouched();
  }

  @Test
  void one_that_exists_is_not_overwritten_but_what_this_restore_made_is_done() {
    var copy = live() + "_copy";
    restore.server().execute("CREATE DATABASE \"%s\"".formatted(copy));
    assertRefused(restore.into(copy, LATEST), "exists");
    restore.server().execute("DROP DATABASE \"%s\"".formatted(copy));

    var first = report(restore.into(copy, LATEST));
    restore.server().execute(copy, "DELETE FROM songs WHERE id = 1");
    var second = report(restore.into(copy, LATEST));

    assertThat(restore.titles(copy)).containsExactly("Africa");
    assertThat(second).usingRecursiveComparison().ignoringFields("phases").isEqualTo(first);
  }

  @Test
  void a_second_attempt_of_what_is_done_in_place_says_so_and_swaps_nothing() {
    var first = report(restore.inPlace(LATEST));
    restore.live().execute("DELETE FROM songs WHERE id = 1");

    var second = report(restore.inPlace(LATEST));

    assertThat(restore.titles(live())).containsExactly("Africa");
    assertThat(second).usingRecursiveComparison().ignoringFields("phases").isEqualTo(first);
    assertThat(restore.databases(live() + "_before")).hasSize(1);
  }

  @Test
  void the_admin_of_another_server_is_refused() {
    var other = TestPostgres.startOwn();
    try {
      other.newRole(live() + "_admin", "pw");
      other.execute("CREATE DATABASE \"%s\"".formatted(live()));
      var admin = restore.admin();
      var elsewhere =
          new ConnectionSettings(
              other.host(),
              other.port(),
              admin.database(),
              admin.username(),
              admin.password(),
              admin.sslMode(),
              other.caPem(),
              null);

      assertRefused(
          restore.run(LATEST, null, restore.live().settings(), elsewhere), "another server");
    } finally {
      other.close();
    }
  }

  @Test
  void a_database_of_somebody_else_is_not_dropped_for_its_name() {
    var names = new RestoreNames("undo-friday/" + live());
    restore.server().execute("CREATE DATABASE " + names.temporary());
    try {
      var result = restore.inPlace(LATEST);

      assertThat(result.outcome()).isEqualTo(Outcome.RESTORE_REFUSED);
      assertThat(result.message()).contains(names.temporary(), "rename it");
    } finally {
      restore.server().execute("DROP DATABASE " + names.temporary());
    }
  }

  @Test
  void where_no_backup_fits_those_that_are_there_are_named() {
    var result = restore.inPlace(BackupChoice.latest(true));

    assertThat(result.outcome()).isEqualTo(Outcome.NO_SUCH_BACKUP);
    assertThat(result.message()).contains("claim/karaoke", TestRestore.GENUINE);
    assertThat(result.restore()).isNull();
    assertUntouched();
  }

  @Test
  void nobody_gets_into_the_previous_database() {
    var previous = requireNonNull(report(restore.inPlace(LATEST)).previousDatabase());

    assertThatThrownBy(() -> restore.titles(previous))
        .hasRootCauseInstanceOf(SQLException.class)
        .rootCause()
        .hasMessageContaining("not currently accepting connections");
  }
}
