package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private void write(String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
  }

  private List<ScriptFile> files(String... suffixes) throws IOException, InvalidScripts {
    var spec = TestJob.spec(null, null, null, null, null, null, null, null, List.of(suffixes));
    return new ImageFolder(folder, FlywaySettings.of(spec, null)).scripts().files();
  }

  @Test
  void scripts_and_what_configures_them_are_read_in_all_folders() throws Exception {
    write("V1__songs.sql", "1");
    write("V1__songs.sql.conf", "executeInTransaction=false");
    write("2026/07/V2__users.sql", "2");

    assertThat(files(".sql"))
        .containsExactly(
            new ScriptFile(0, "2026/07/V2__users.sql", "2"),
            new ScriptFile(0, "V1__songs.sql", "1"),
            new ScriptFile(0, "V1__songs.sql.conf", "executeInTransaction=false"));
  }

  @Test
  void other_files_may_lie_beside_them() throws Exception {
    write("README.md", "how to");
    write("flyway.conf", "flyway.url=jdbc:h2:mem:");
    write("logo.png", "\u0089PNG");
    write("V1__songs.ddl", "1");

    assertThat(files(".sql", ".ddl")).extracting(ScriptFile::name).containsExactly("V1__songs.ddl");
  }

  @Test
  void a_link_leads_to_no_secret() throws Exception {
    write("mounts/password", "secret");
    Files.createSymbolicLink(folder.resolve("V1__songs.sql"), folder.resolve("mounts/password"));
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("mounts"));

    assertThat(files(".sql", "password"))
        .extracting(ScriptFile::name)
        .containsExactly("mounts/password");
  }

  @Test
  void fault_41_a_file_that_is_not_utf_8_is_named() throws Exception {
    write("2026/V1__songs.sql", "SELECT '\u00fc'");

    assertThatThrownBy(() -> files(".sql"))
        .isInstanceOf(InvalidScripts.class)
        .hasMessage("2026/V1__songs.sql is not UTF-8 text");
  }
}
