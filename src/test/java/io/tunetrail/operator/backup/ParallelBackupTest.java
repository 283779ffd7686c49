package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.migration.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Archives of several sessions: a folder in the workspace, and one tar where backups are. */
@Timeout(180)
class ParallelBackupTest {
  private static final BackupChoice LATEST = BackupChoice.latest(false);
  private static final int JOBS = 3;
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path folder = Path.of("");
  private TestRestore restore;

  @BeforeEach
  void live_database() throws Exception {
    restore = TestRestore.create(folder);
    Files.createDirectory(workspace());
  }

  private Path workspace() {
    return folder.resolve("workspace");
  }

  private ParallelOrder parallel() {
    return new ParallelOrder(JOBS, workspace().toString());
  }

  private Manifest manifest(String name) throws Exception {
    return restore.store().manifests().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A backup of several sessions, newer than the one that is there. */
  private String songs(UnaryOperator<Manifest> change) throws Exception {
    var dumped = Files.createDirectory(folder.resolve("dumped"));
    Files.writeString(dumped.resolve("toc.dat"), TestRestore.SONGS);
    var name = "karaoke-20260505T030000Z";
    restore.backUp(
        name, PackedDirectory.pack(dumped), TestRestore.ROWS, it -> change.apply(parallel(it)));
    return name;
  }

  private static Manifest parallel(Manifest it) {
    return TestRestore.with(
        it,
        Map.of(
            "archiveFormat",
            PgDump.DIRECTORY,
            "jobs",
            JOBS,
            "started",
            "2026-05-05T03:00:00Z",
            "finished",
            "2026-05-05T03:01:00Z"));
  }

  @Test
  void what_several_sessions_dumped_is_stored_as_one_tar_and_leaves_the_workspace()
      throws Exception {
    var result = restore.backUpNow(parallel());
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
    var manifest = manifest(requireNonNull(result.backup()).name());
    assertThat(manifest.archiveFormat()).isEqualTo("directory");
    assertThat(manifest.jobs()).isEqualTo(JOBS);
    PackedDirectory.unpack(restore.store().read(manifest.name()), folder.resolve("seen"));
    assertThat(folder.resolve("seen")).isDirectoryContaining("glob:**/toc.dat");
    assertThat(workspace()).isEmptyDirectory();
  }

  @Test
  void a_dump_that_fails_leaves_nothing() throws Exception {
    var program = folder.resolve("clients/%d/bin/pg_dump".formatted(restore.serverMajor()));
    Files.writeString(
        program,
        """
        #!/bin/sh
        for option; do case $option in --file=*) mkdir "${option#--file=}"; esac; done
        echo 'pg_dump: error: could not write to file: No space left on device' >&2
        exit 1
        """);
    var result = restore.backUpNow(parallel());
    assertThat(result.outcome()).isEqualTo(Outcome.BACKUP_FAILED);
    assertThat(result.message()).contains("No space left on device");
    assertThat(restore.store().manifests()).hasSize(1);
    assertThat(workspace()).isEmptyDirectory();
  }

  /** Packing reads its one file, a pipe that has nothing before this test says so. */
  @Test
  void a_migration_begins_while_the_dump_that_is_done_is_stored() throws Exception {
    var program = folder.resolve("clients/%d/bin/pg_dump".formatted(restore.serverMajor()));
    Files.writeString(
        program,
        """
        #!/bin/sh
        for option; do case $option in --file=*) folder=${option#--file=}; esac; done
        test -z "$folder" || { mkdir "$folder" && mkfifo "$folder/toc.dat"; }
        """);
    var backup = CompletableFuture.supplyAsync(() -> restore.backUpNow(parallel()));
    await().atMost(WAIT).until(() -> pipe().isPresent());
    try {
      var migration = Fence.acquire(restore.live().settings(), "migration", WAIT, false);
      assertThat(migration).isInstanceOf(Fence.Attempt.Held.class);
      ((Fence.Attempt.Held) migration).fence().close();
      assertThat(backup).isNotDone();
      assertThat(holdingBackVacuum()).isEmpty();
    } finally {
      Files.newOutputStream(pipe().orElseThrow()).close();
    }
    var result = backup.get(WAIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
  }

  private List<@Nullable String> holdingBackVacuum() {
    return restore
        .server()
        .query(
            "SELECT application_name FROM pg_stat_activity WHERE datname = '%s' AND backend_xmin IS NOT NULL AND backend_type = 'client backend'"
                .formatted(restore.live().name()));
  }

  private Optional<Path> pipe() throws IOException {
    try (var files = Files.walk(workspace())) {
      return files.filter(it -> it.endsWith("toc.dat")).findFirst();
    }
  }

  @Test
  void it_is_restored_into_a_new_database() throws Exception {
    songs(it -> it);
    var copy = restore.live().name() + "_copy";
    var result = restore.into(copy, LATEST, parallel());
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
    assertThat(restore.titles(copy)).containsExactly("Waterloo", "Africa");
  }

  @Test
  void a_damaged_one_is_told_and_none_of_its_sql_runs() throws Exception {
    var name = songs(it -> it);
    var archive = folder.resolve("backups").resolve(name + ".dump");
    var bytes = Files.readAllBytes(archive);
    bytes[bytes.length - 1] ^= 1;
    Files.write(archive, bytes);
    var result = restore.into(restore.live().name() + "_copy", LATEST, parallel());
    assertThat(result.outcome()).isEqualTo(Outcome.RESTORE_FAILED);
    assertThat(result.message()).contains("is damaged: its SHA-256 is");
    assertThat(workspace().resolve(name)).doesNotExist();
    assertThat(restore.unfinished()).isEmpty();
  }
}
