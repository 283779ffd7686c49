package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresClientsTest {
  @TempDir Path folder;

  @BeforeEach
  void the_image_has_15_17_and_18() throws IOException {
    for (int major : new int[] {15, 17, 18}) {
      var bin = Files.createDirectories(folder.resolve(major + "/bin"));
      Files.createFile(
          bin.resolve("pg_dump"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    Files.createDirectories(folder.resolve("16/lib"));
    Files.createDirectories(folder.resolve("lib"));
  }

  @Test
  void a_server_gets_the_programs_of_its_own_major() {
    assertThat(clients().of(17))
        .hasValueSatisfying(
            it -> {
              assertThat(it.major()).isEqualTo(17);
              assertThat(it.dump()).isEqualTo(folder.resolve("17/bin/pg_dump"));
              assertThat(it.restore()).isEqualTo(folder.resolve("17/bin/pg_restore"));
              assertThat(it.psql()).isEqualTo(folder.resolve("17/bin/psql"));
            });
  }

  @Test
  void a_server_of_a_major_that_is_missing_gets_the_oldest_newer_programs() {
    assertThat(clients().of(14)).map(PostgresClients.Programs::major).hasValue(15);
    assertThat(clients().of(16)).map(PostgresClients.Programs::major).hasValue(17);
  }

  @Test
  void a_server_that_is_newer_than_all_programs_gets_none() {
    assertThat(clients().of(19)).isEmpty();
  }

  @Test
  void a_laptop_without_them_has_none() {
    assertThat(new PostgresClients(folder.resolve("nowhere")).of(17)).isEmpty();
  }

  private PostgresClients clients() {
    return new PostgresClients(folder);
  }
}
