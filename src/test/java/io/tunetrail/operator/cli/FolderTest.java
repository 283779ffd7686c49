package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tunetrail.operator.engine.MadeFiles.MadeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
  private static final MadeFile REVISION = new MadeFile("migrations/versions/a1_users.py", "users");

  @TempDir Path folder = Path.of("");

  @Test
  void files_land_where_the_project_has_them() throws Exception {
    var written = new Folder(folder).write(List.of(REVISION, new MadeFile("alembic.ini", "ini")));
    assertThat(written)
        .containsExactly(
            folder.resolve("migrations/versions/a1_users.py"), folder.resolve("alembic.ini"));
    assertThat(folder.resolve("migrations/versions/a1_users.py")).hasContent("users");
  }

  @Test
  void nothing_is_written_over() throws IOException {
    Files.writeString(folder.resolve("alembic.ini"), "mine");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(
            () ->
                new Folder(folder).write(List.of(REVISION, new MadeFile("alembic.ini", "theirs"))))
        .withMessageContaining("alembic.ini is there already; nothing is written");
    assertThat(folder.resolve("alembic.ini")).hasContent("mine");
    assertThat(folder.resolve("migrations")).doesNotExist();
  }

  @Test
  void an_image_writes_nowhere_else() {
    for (var path : List.of("../outside.py", "/etc/outside.py", "a/../../outside.py", ".")) {
      assertThatExceptionOfType(CommandFailure.class)
          .isThrownBy(() -> new Folder(folder).write(List.of(new MadeFile(path, "x"))))
          .withMessageContaining("not within the project");
    }
  }
}
