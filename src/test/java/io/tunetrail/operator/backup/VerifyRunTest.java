package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.Extension;
import io.tunetrail.operator.database.EngineTables;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkResult;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A verification on a real server, but for pg_restore, which a test can't have: a shell script
 * stands in its place and restores nothing, so that only an empty database comes back as it was.
 */
class VerifyRunTest {
  private static final String NAME = "karaoke-1";
  private static final String ARCHIVE = "an archive";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder = Path.of("");

  private final TestDatabase database = TestDatabase.create();

  /** By which the next backup is encrypted. */
  private @Nullable BackupKeys keys;

  @BeforeEach
  void databases_may_be_made() throws IOException {
    database.server().execute("ALTER ROLE \"" + database.owner() + "\" CREATEDB");
    pgRestore("cat > /dev/null");
  }

  private void pgRestore(String script) throws IOException {
    for (var program : List.of("pg_dump", "pg_restore")) {
      var file = folder.resolve("clients/17/bin").resolve(program);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private BackupFolder store() {
    return new BackupFolder(folder.resolve("backups"));
  }

  private DatabaseContent content() throws Exception {
    try (var fence = fence();
        var snapshot = Snapshot.take(fence, SOON)) {
      return snapshot.content(new EngineTables(null, null));
    }
  }

  private Fence fence() throws Exception {
    return switch (Fence.acquireShared(database.settings(), "test", SOON)) {
      case Fence.Attempt.Held it -> it.fence();
      case Fence.Attempt.Refused it -> throw new AssertionError(it.detail());
    };
  }

  private void backUp(DatabaseContent content) throws Exception {
    backUp(content, NAME, "2026-05-01T12:00:00Z");
  }

  /** A backup of the database as it is now. */
  private void backUp(DatabaseContent content, String name, String started) throws Exception {
    var store = store();
    store.prepare(Instant.now());
    var dump = new ByteArrayInputStream(ARCHIVE.getBytes(StandardCharsets.UTF_8));
    var written = store.write(name, keys == null ? dump : keys.encrypting(dump));
    try (var fence = fence();
        var snapshot = Snapshot.take(fence, SOON)) {
      store.publish(
          new Manifest(
              Manifest.FORMAT,
              name,
              "music/karaoke",
              "karaoke-backup-1",
              name + ".dump",
              "custom",
              "zstd",
              "pg_dump (PostgreSQL) 17.10",
              content,
              snapshot.rows(),
              written.bytes(),
              written.sha256(),
              started,
              started,
              snapshot.catalog(),
              keys == null ? null : keys.encryption(),
              null));
    }
  }

  private void backUp() throws Exception {
    backUp(content());
  }

  private WorkResult verify() {
    return verify(database.settings());
  }

  private WorkResult verify(ConnectionSettings server) {
    var place =
        new StoreOrder("backups", folder.resolve("backups").toString())
            .with(keys == null ? null : new KeysOrder("age", folder.toString()), null);
    var log = new WorkLog(new PrintStream(PrintStream.nullOutputStream()));
    var clients = new PostgresClients(folder.resolve("clients"));
    return new VerifyRun(
            new VerifyOrder(NAME, place), "karaoke-verify-1", server, true, clients, folder, log)
        .run();
  }

  private boolean isVerified() throws StorageFailed {
    return store().kept().getFirst().verified();
  }

  private void assertNothingLeft() {
    assertThat(
            database
                .server()
                .query(
                    "SELECT d.datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                        + " WHERE d.datname LIKE 'tunetrail_scratch_%' AND r.rolname = '"
                        + database.owner()
                        + "'"))
        .as("scratch databases")
        .isEmpty();
  }

  private void assertFailed(Outcome outcome, String... words) throws Exception {
    var result = verify();
    assertThat(result.outcome()).as(result.message()).isEqualTo(outcome);
    assertThat(result.message()).contains(words);
    assertThat(result.verification()).isEqualTo(new VerificationReport(NAME, false, 0, 0));
    assertThat(store().kept().stream().anyMatch(BackupRetention.Kept::verified)).isFalse();
    assertNothingLeft();
  }

  @Test
  void what_comes_back_as_it_was_is_verified_and_the_scratch_database_is_gone() throws Exception {
    backUp();
    var result = verify();
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
    assertThat(result.verification()).isEqualTo(new VerificationReport(NAME, true, 0, 0));
    assertThat(isVerified()).isTrue();
    assertNothingLeft();
  }

  @Test
  void an_encrypted_one_is_opened_by_its_identity_and_without_it_no_database_is_made()
      throws Exception {
    keys = EncryptedArchiveTest.keys();
    backUp();
    pgRestore("touch \"$HOME/restored\"; cat > \"$HOME/got\"");
    assertFailed(Outcome.BACKUP_KEY_UNFIT, "Secret age has no identity");
    for (var other : List.of(EncryptedArchiveTest.keys(), keys)) {
      assertThat(folder.resolve("restored")).doesNotExist();
      Files.writeString(folder.resolve(BackupKeys.IDENTITY), other.identities().getFirst().value());
      if (!other.equals(keys)) {
        assertFailed(Outcome.BACKUP_KEY_UNFIT, "does not open karaoke-1.dump", "age1");
      }
    }
    assertThat(verify().outcome()).isEqualTo(Outcome.DONE);
    assertThat(folder.resolve("got")).hasContent(ARCHIVE);
  }

  @Test
  void fault_36_a_flipped_bit_of_an_encrypted_one_is_damage_and_no_wrong_key() throws Exception {
    keys = EncryptedArchiveTest.keys();
    backUp();
    Files.writeString(folder.resolve(BackupKeys.IDENTITY), keys.identities().getFirst().value());
    var bytes = Files.readAllBytes(store().archive(NAME));
    for (int at : new int[] {60, bytes.length - 1}) {
      var flipped = bytes.clone();
      flipped[at] ^= 1;
      Files.write(store().archive(NAME), flipped);
      assertFailed(Outcome.BACKUP_DAMAGED, "another content than was written");
    }
  }

  @Test
  void what_is_missing_after_the_restore_is_named() throws Exception {
    database.execute(
        "CREATE TABLE songs (id int); INSERT INTO songs VALUES (1); CREATE VIEW hits AS SELECT 1"
            + " one");
    backUp();
    assertFailed(
        Outcome.VERIFICATION_FAILED,
        "table public.songs is missing",
        "view public.hits is missing");
  }

  @Test
  void what_pg_restore_says_is_passed_on() throws Exception {
    backUp();
    pgRestore("cat > /dev/null; echo 'pg_restore: error: could not execute query' >&2; exit 1");
    assertFailed(Outcome.VERIFICATION_FAILED, "does not restore: pg_restore: could not execute");
  }

  @Test
  void fault_36_a_flipped_bit_and_a_cut_file_are_known_whatever_pg_restore_says() throws Exception {
    backUp();
    var archive = store().archive(NAME);
    Files.writeString(archive, ARCHIVE.replace('a', 'c'));
    assertFailed(Outcome.BACKUP_DAMAGED, "another content than was written", "SHA-256");
    Files.writeString(archive, "an arch");
    assertFailed(Outcome.BACKUP_DAMAGED, "has 7 bytes, its manifest says 10");
    Files.writeString(folder.resolve("backups").resolve(NAME + ".json"), "{");
    assertFailed(Outcome.BACKUP_DAMAGED, "the manifest of karaoke-1 is not in backups");
  }

  @Test
  void fault_36_the_retention_keeps_the_older_one_that_was_verified() throws Exception {
    backUp();
    assertThat(verify().outcome()).isEqualTo(Outcome.DONE);
    for (var later : List.of("karaoke-2", "karaoke-3")) {
      backUp(
          content(),
          later,
          "2026-05-0%s:00:00Z".formatted(later.substring("karaoke-".length()) + "T12"));
      Files.writeString(store().archive(later), "an arch");
    }
    var days = new BackupRetention(1, 1);
    var superfluous = days.superfluous(store().kept(), Instant.parse("2026-06-01T12:00:00Z"));
    for (var old : superfluous) {
      store().remove(old);
    }
    assertThat(store().kept())
        .extracting(BackupRetention.Kept::name)
        .containsExactlyInAnyOrder(NAME, "karaoke-3");
  }

  @Test
  void fault_53_nothing_is_restored_by_a_login_that_can_do_anything() throws Exception {
    backUp();
    pgRestore("touch \"$HOME/restored\"; cat > /dev/null");
    var owner = '"' + database.owner() + '"';
    database.server().execute("GRANT pg_execute_server_program TO " + owner);
    assertFailed(Outcome.SCRATCH_UNAVAILABLE, "may become", "pg_execute_server_program");
    database.server().execute("REVOKE pg_execute_server_program FROM " + owner);
    database.server().execute("ALTER ROLE " + owner + " SUPERUSER");
    assertFailed(Outcome.SCRATCH_UNAVAILABLE, "is a superuser", "spec.scratch");
    database.server().execute("ALTER ROLE " + owner + " NOSUPERUSER");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @Test
  void roles_and_extensions_that_the_server_lacks_are_named_before_anything_is_made()
      throws Exception {
    var there = content();
    backUp(
        new DatabaseContent(
            there.database(),
            there.systemIdentifier(),
            there.oid(),
            there.serverVersion(),
            there.migrationVersion(),
            there.locale(),
            List.of(new Extension("postgis", "3.5", "public")),
            List.of(database.owner(), "Ella")));
    assertFailed(Outcome.SCRATCH_UNFIT, "lacks", "role \"Ella\"", "extension \"postgis\"");
  }

  @Test
  void what_only_a_superuser_may_make_is_left_out() throws Exception {
    database.server().execute(database.name(), "CREATE EXTENSION dblink");
    backUp();
    pgRestore(
        """
        if [ "$1" = --list ]; then
          printf '%s\n' '4; 3079 1 EXTENSION - dblink ' '5; 0 0 COMMENT - EXTENSION dblink ' '6; 0 0 TABLE public dblink x'
        else
          cp "$HOME/entries" "$HOME/kept"
        fi
        cat > /dev/null
        """);
    assertThat(verify().outcome()).isEqualTo(Outcome.DONE);
    assertThat(folder.resolve("kept")).hasContent("6; 0 0 TABLE public dblink x");
    assertNothingLeft();
  }

  @Test
  void without_the_right_to_make_databases_it_says_which_statement_gives_it() throws Exception {
    backUp();
    database.server().execute("ALTER ROLE \"" + database.owner() + "\" NOCREATEDB");
    assertFailed(Outcome.SCRATCH_UNAVAILABLE, "ALTER ROLE", "CREATEDB", "spec.scratch");
  }
}
