package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.database.PostgresClients.Programs;
import io.tunetrail.operator.migration.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program is called and fed; a shell script stands in its place. */
class PgRestoreTest {
  private static final int MANY = 3_000_000;
  private static final PgRestore.Options ALL = new PgRestore.Options(true, true, null);

  /** What sha256sum says of so many zeros. */
  private static final String ZEROS =
      "35bce4eae54ec8e6cc2868baa8d157914d6ae2858811b4cc0c078c94460fa26f";

  @TempDir Path folder = Path.of("");

  private PgRestore program(String script, PgRestore.Options options) throws IOException {
    return program(script, 17, options);
  }

  private PgRestore program(String script, int serverMajor, PgRestore.Options options)
      throws IOException {
    var program = folder.resolve("pg_restore");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var settings =
        new ConnectionSettings(
            "pg", 5433, "it's=odd\\", "singer", new Password("secret"), SslMode.PREFER, null, null);
    return new PgRestore(
        new Programs(17, folder),
        serverMajor,
        new ClientConnection(settings, folder, "test"),
        options,
        3);
  }

  private PgRestore program(String script) throws IOException {
    return program(script, new PgRestore.Options(true, true, null));
  }

  private static InputStream zeros() {
    return new ByteArrayInputStream(new byte[MANY]);
  }

  private static StoredArchive archive() {
    return StoredArchive.plain(zeros(), Optional.empty());
  }

  @Test
  void the_archive_passes_through_and_its_size_and_checksum_are_known() throws Exception {
    var ended = program("cat > \"$HOME/got\"").restore(archive());
    assertThat(ended.succeeded()).isTrue();
    assertThat(ended.archive()).isEqualTo(new BackupStore.Written(MANY, ZEROS));
    assertThat(Files.size(folder.resolve("got"))).isEqualTo(MANY);
  }

  @Test
  void fault_36_one_that_pg_restore_turned_away_from_is_read_to_its_end() throws Exception {
    var ended =
        program("echo 'pg_restore: error: could not read from input file: end of file' >&2; exit 1")
            .restore(archive());
    assertThat(ended.succeeded()).isFalse();
    assertThat(ended.archive()).isEqualTo(new BackupStore.Written(MANY, ZEROS));
    assertThat(ended.detail()).isEqualTo("pg_restore: could not read from input file: end of file");
    assertThat(ended.outcome(Outcome.INVALID_INPUT)).isEqualTo(Outcome.INVALID_INPUT);
  }

  @Test
  void an_archive_that_can_not_be_read_further_is_no_damaged_one() throws Exception {
    var end = InputStream.nullInputStream();
    end.close();
    var restore = program("cat > /dev/null");
    assertThatThrownBy(
            () ->
                restore.restore(
                    StoredArchive.plain(new SequenceInputStream(zeros(), end), Optional.empty())))
        .isInstanceOf(IOException.class);
  }

  @Test
  void no_secret_stands_in_the_command_line_and_a_name_is_but_a_name() throws Exception {
    program(
            "cat > /dev/null; printf '%s\\n' \"$@\" > \"$HOME/got\"; env > \"$HOME/env\"",
            new PgRestore.Options(false, false, "band"))
        .restore(archive());
    assertThat(folder.resolve("got"))
        .content()
        .contains(
            "--dbname=dbname='it\\'s=odd\\\\'\n",
            "--exit-on-error\n",
            "--no-password\n",
            "--no-owner\n",
            "--no-privileges\n",
            "--role=band\n")
        .doesNotContain("secret");
    assertThat(folder.resolve("env")).content().contains("PGPASSWORD=secret\n", "PGPORT=5433\n");
  }

  @Test
  void the_owners_and_grants_come_back_where_they_are_asked_for() throws Exception {
    program("cat > /dev/null; printf '%s\\n' \"$@\" > \"$HOME/got\"").restore(archive());
    assertThat(folder.resolve("got")).content().doesNotContain("--no-owner", "--no-priv", "--role");
  }

  @Test
  void the_contents_are_told_without_reading_all_and_some_entries_may_be_restored_alone()
      throws Exception {
    var restore =
        program(
            """
            printf '%s\n' "$@" > "$HOME/got"
            if [ "$1" = --list ]; then head -c 10 > /dev/null; echo '4; 3079 1 EXTENSION - dblink '; exit; fi
            cat > /dev/null
            """);
    assertThat(restore.contents(archive())).containsExactly("4; 3079 1 EXTENSION - dblink ");
    assertThat(restore.restore(archive(), folder.resolve("entries")).succeeded()).isTrue();
    assertThat(folder.resolve("got")).content().contains("--use-list=" + folder.resolve("entries"));
  }

  private StoredArchive file(int size) throws IOException {
    var file = Files.write(folder.resolve("a.dump"), new byte[size]);
    return StoredArchive.plain(Files.newInputStream(file), Optional.of(file));
  }

  @Test
  void a_large_file_is_restored_by_several_sessions_and_its_checksum_is_known_all_the_same()
      throws Exception {
    var restore = program("cat > /dev/null; printf '%s\n' \"$@\" > \"$HOME/got\"");
    var ended = restore.restore(file(5 << 20));
    assertThat(ended.succeeded()).isTrue();
    assertThat(ended.archive().bytes()).isEqualTo(5 << 20);
    assertThat(folder.resolve("got"))
        .content()
        .endsWith("--jobs=3\n" + folder.resolve("a.dump") + "\n");
    restore.restore(file(MANY));
    assertThat(folder.resolve("got")).content().doesNotContain("--jobs", "a.dump");
    program("cat > /dev/null; printf '%s\n' \"$@\" > \"$HOME/got\"", 16, ALL)
        .restore(file(5 << 20));
    assertThat(folder.resolve("got"))
        .as("one session, where each would complain of a setting")
        .content()
        .doesNotContain("--jobs");
  }

  @Test
  void a_folder_is_read_by_the_program_itself_whatever_its_size_and_the_server() throws Exception {
    var whole = new BackupStore.Written(7, "a checksum");
    var unpacked = Files.createDirectory(folder.resolve("unpacked"));
    var script = "printf '%s\n' \"$@\" > \"$HOME/got\"";
    var ended = program(script).restore(StoredArchive.ofFolder(unpacked, whole));
    assertThat(ended.archive()).isEqualTo(whole);
    assertThat(folder.resolve("got"))
        .content()
        .contains("--format=directory\n")
        .endsWith("--jobs=3\n" + unpacked + "\n");
    program(script, 16, ALL).restore(StoredArchive.ofFolder(unpacked, whole));
    assertThat(folder.resolve("got")).content().doesNotContain("--jobs").endsWith(unpacked + "\n");
    assertThat(program("echo \"$2\"").contents(StoredArchive.ofFolder(unpacked, whole)))
        .containsExactly(unpacked.toString());
  }

  /** In the words of pg_restore 17 and a server of 16. */
  private static final String UNKNOWN_SETTING =
      """
      cat > /dev/null; printf '%s\n' "$@" > "$HOME/got"
      cat >&2 << 'WORDS'
      pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
      Command was: SET transaction_timeout = 0;
      WORDS
      """;

  @Test
  void a_setting_that_an_older_server_does_not_know_is_no_failure_of_the_archive()
      throws Exception {
    var all = new PgRestore.Options(true, true, null);
    assertThat(program(UNKNOWN_SETTING + "exit 1", 16, all).restore(archive()).succeeded())
        .isTrue();
    assertThat(folder.resolve("got")).content().doesNotContain("--exit-on-error");
    var another = UNKNOWN_SETTING + "echo 'pg_restore: error: relation \"x\"' >&2; exit 1";
    assertThat(program(another, 16, all).restore(archive()).succeeded()).isFalse();
    assertThat(program(UNKNOWN_SETTING + "exit 1", 17, all).restore(archive()).succeeded())
        .isFalse();
  }
}
