package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedDirectoryTest {
  private static final int LARGE = 3_000_001;
  private static final int HEADER = 512;

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void dumped() throws IOException {
    var large = new byte[LARGE];
    new Random(7).nextBytes(large);
    Files.createDirectory(from());
    Files.write(from().resolve("3001.dat.zst"), large);
    Files.write(from().resolve("3002.dat.zst"), new byte[0]);
    Files.writeString(from().resolve("toc.dat"), "contents");
  }

  private Path from() {
    return folder.resolve("dumped");
  }

  private Path to() {
    return folder.resolve("unpacked");
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  private byte[] packed() throws IOException {
    try (var tar = PackedDirectory.pack(from())) {
      return tar.readAllBytes();
    }
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  @Test
  void each_file_comes_back_as_it_was() throws IOException {
    PackedDirectory.unpack(stream(packed()), to());
    assertThat(names(to())).isEqualTo(names(from()));
    for (var name : names(from())) {
      assertThat(Files.mismatch(from().resolve(name), to().resolve(name))).as(name).isEqualTo(-1);
    }
  }

  @Test
  void it_begins_with_the_first_files_name() throws IOException {
    assertThat(new String(packed(), 0, 12, StandardCharsets.UTF_8)).isEqualTo("3001.dat.zst");
  }

  @Test
  void any_tar_program_reads_it() throws Exception {
    Files.write(folder.resolve("a.tar"), packed());
    Files.createDirectory(to());
    var tar =
        new ProcessBuilder("tar", "-xf", "../a.tar").directory(to().toFile()).inheritIO().start();
    assertThat(tar.waitFor()).isZero();
    assertThat(Files.mismatch(from().resolve("3001.dat.zst"), to().resolve("3001.dat.zst")))
        .isEqualTo(-1);
  }

  @Test
  void of_a_cut_one_comes_what_was_before_the_cut_and_of_no_tar_nothing() throws IOException {
    PackedDirectory.unpack(stream(Arrays.copyOf(packed(), HEADER + LARGE / 2)), to());
    assertThat(names(to())).containsExactly("3001.dat.zst");
    PackedDirectory.delete(to());
    PackedDirectory.unpack(
        stream("no tar at all".repeat(100).getBytes(StandardCharsets.UTF_8)), to());
    assertThat(names(to())).isEmpty();
  }

  @Test
  void no_name_leads_out_of_the_folder() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("../../escaped"));
      tar.closeArchiveEntry();
    }
    PackedDirectory.unpack(stream(bytes.toByteArray()), to());
    assertThat(names(to())).containsExactly("escaped");
    assertThat(folder.resolve("escaped")).doesNotExist();
  }

  @Test
  void a_folder_that_takes_no_files_is_no_damage() throws IOException {
    Files.writeString(to(), "a file in its place");
    var packed = packed();
    assertThatThrownBy(() -> PackedDirectory.unpack(stream(packed), to()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void it_is_removed_with_its_files_if_it_is_there() throws IOException {
    PackedDirectory.delete(from());
    assertThat(from()).doesNotExist();
    PackedDirectory.delete(from());
  }
}
