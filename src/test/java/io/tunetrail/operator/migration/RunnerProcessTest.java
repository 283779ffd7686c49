package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Job's process is made of. */
class RunnerProcessTest {
  private final TestDatabase database = TestDatabase.create();

  @Test
  void a_migration_loads_neither_the_kubernetes_client_nor_the_command_line_nor_logback(
      @TempDir Path folder) throws IOException {
    var classes = folder.resolve("classes");
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE songs ()")
            .start("-Xlog:class+load:file=" + classes)
            .await();
    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.contains("org.flywaydb."))
        .noneMatch(line -> line.contains("io.fabric8.kubernetes."))
        .noneMatch(line -> line.contains("io.javaoperatorsdk."))
        .noneMatch(line -> line.contains("picocli."))
        .noneMatch(line -> line.contains("ch.qos.logback."));
  }
}
