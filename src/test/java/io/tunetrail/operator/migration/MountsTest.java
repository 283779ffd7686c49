package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where scripts are found whose image the node mounts as a whole. */
class MountsTest {
  @TempDir Path root;

  private void write(String name, String content) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private List<ScriptFile> scripts(String folder) throws IOException, InvalidScripts {
    var spec = TestJob.spec(null, null, null, null, null, null, null, null, null);
    return new Mounts(root, Path.of(folder)).scripts(FlywaySettings.of(spec, null)).files();
  }

  @Test
  void only_those_of_the_folder_are_read_and_named_from_it_on() throws Exception {
    write("image/flyway/sql/V1__songs.sql", "1");
    write("image/flyway/sql/2026/V2__users.sql", "2");
    write("image/usr/share/V3__example.sql", "3");

    var both =
        List.of(
            new ScriptFile(0, "2026/V2__users.sql", "2"), new ScriptFile(0, "V1__songs.sql", "1"));
    assertThat(scripts("flyway/sql")).containsExactlyInAnyOrderElementsOf(both);
    assertThat(scripts("flyway/sql/")).containsExactlyInAnyOrderElementsOf(both);
  }

  @Test
  void a_folder_that_is_not_there_is_named() throws Exception {
    write("image/flyway/sql/V1__songs.sql", "1");

    for (var folder : List.of("flyway/migrations", "flyway/sql/V1__songs.sql")) {
      assertThatThrownBy(() -> scripts(folder))
          .isInstanceOf(InvalidScripts.class)
          .hasMessage("the image has no folder /" + folder);
    }
  }

  @Test
  void a_link_leads_to_another_folder_of_the_image_and_to_no_secret() throws Exception {
    write("image/sql/V1__songs.sql", "1");
    write("secret/V2__password.sql", "secret");
    Files.createSymbolicLink(root.resolve("image/latest"), Path.of("sql"));
    Files.createSymbolicLink(root.resolve("image/beside"), root.resolve("secret"));

    assertThat(scripts("latest")).containsExactly(new ScriptFile(0, "V1__songs.sql", "1"));
    assertThatThrownBy(() -> scripts("beside"))
        .isInstanceOf(InvalidScripts.class)
        .hasMessage("the image has no folder /beside");
  }
}
