package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFolderTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(2));
  private static final String ORPHAN = "karaoke-20260501T030000Z";
  private static final String TEXT = "an archive";

  /** What sha256sum says of it. */
  private static final String SHA256 =
      "9e691d5adacf0e102f203100842ffaba4e2a7dfe3dbd536827d3c0db8c7e88f1";

  @TempDir Path root = Path.of("");

  private BackupFolder folder() throws StorageFailed {
    var folder = new BackupFolder(root.resolve("karaoke"));
    folder.prepare(NOW);
    return folder;
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(root.resolve("karaoke"))) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  private static InputStream archive() {
    return new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8));
  }

  private static Manifest manifest(String name, Instant started, BackupStore.Written written) {
    return new Manifest(
        Manifest.FORMAT,
        name,
        "music/karaoke",
        "karaoke-backup-1",
        name + ".dump",
        "custom",
        "zstd",
        "pg_dump (PostgreSQL) 17.10",
        null,
        List.of(),
        written.bytes(),
        written.sha256(),
        started.toString(),
        started.toString(),
        null,
        null,
        null);
  }

  private static void make(BackupFolder folder, String name, Instant at) throws Exception {
    folder.publish(manifest(name, at, folder.write(name, archive())));
  }

  @Test
  void a_backup_has_its_name_once_it_is_whole() throws Exception {
    var folder = folder();
    var written = folder.write("one", archive());
    assertThat(files()).containsExactly(".one.dump.partial");
    assertThat(folder.kept()).isEmpty();
    folder.publish(manifest("one", NOW, written));

    assertThat(files()).containsExactly("one.dump", "one.json");
    assertThat(root.resolve("karaoke/one.dump")).hasContent(TEXT);
    assertThat(written.bytes()).isEqualTo(TEXT.length());
    assertThat(written.sha256()).isEqualTo(SHA256);
    folder.discard("one");
    assertThat(files()).as("a whole one is not discarded").hasSize(2);
    assertThat(folder.kept()).containsExactly(new BackupRetention.Kept("one", NOW, false));
  }

  @Test
  void fault_23_of_a_failed_one_nothing_is_left() throws Exception {
    var folder = folder();
    var end = InputStream.nullInputStream();
    end.close();
    assertThatThrownBy(() -> folder.write("one", new SequenceInputStream(archive(), end)))
        .isInstanceOf(IOException.class);
    assertThat(files()).hasSize(1);
    folder.discard("one");
    assertThat(files()).isEmpty();
  }

  @Test
  void fault_23_a_folder_that_can_not_be_is_named() throws IOException {
    Files.writeString(root.resolve("karaoke"), "a file");
    assertThatThrownBy(this::folder)
        .isInstanceOf(StorageFailed.class)
        .hasMessageContaining(root.resolve("karaoke").toString());
  }

  @Test
  void what_a_killed_pod_left_goes_once_nobody_can_be_writing_it() throws Exception {
    var folder = folder();
    make(folder, "whole", NOW);
    leave(ORPHAN + ".dump", LONG_AGO);
    leave("." + ORPHAN + ".dump.partial", LONG_AGO);
    leave(".young.dump.partial", NOW.minusSeconds(60));
    Files.setLastModifiedTime(root.resolve("karaoke/whole.dump"), FileTime.from(LONG_AGO));
    folder.prepare(NOW);
    assertThat(files()).containsExactly(".young.dump.partial", "whole.dump", "whole.json");
  }

  @Test
  void what_somebody_else_put_there_stays() throws Exception {
    var folder = folder();
    leave("by-hand.dump", LONG_AGO);
    leave("download.partial", LONG_AGO);
    folder.prepare(NOW);
    assertThat(files()).containsExactly("by-hand.dump", "download.partial");
  }

  private void leave(String name, Instant at) throws IOException {
    var file = Files.writeString(root.resolve("karaoke").resolve(name), TEXT);
    Files.setLastModifiedTime(file, FileTime.from(at));
  }

  @Test
  void one_that_is_removed_goes_whole_and_what_is_no_manifest_is_left_alone() throws Exception {
    var folder = folder();
    make(folder, "one", NOW.minus(Duration.ofDays(9)));
    make(folder, "two", NOW);
    Files.writeString(root.resolve("karaoke/one.verified"), "");
    Files.writeString(root.resolve("karaoke/notes.json"), "mine");
    var kept = folder.kept();
    assertThat(kept).hasSize(2);
    assertThat(kept.getFirst().verified()).isTrue();
    folder.remove(kept.getFirst());
    assertThat(files()).containsExactly("notes.json", "two.dump", "two.json");
  }

  @Test
  void one_of_a_newer_release_s_format_is_neither_counted_nor_removed() throws Exception {
    var folder = folder();
    make(folder, "one", NOW);
    var manifest = root.resolve("karaoke/one.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"format\" : 1", "\"format\" : 2"));

    assertThat(folder.kept()).isEmpty();
    assertThat(files()).containsExactly("one.dump", "one.json");
  }
}
