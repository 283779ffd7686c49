package io.tunetrail.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLevelsTest {
  @TempDir private Path folder = Path.of("unset");
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() {
    LogConfiguration.configure(context, Map.of());
  }

  private Level levelOf(String logger) {
    return context.getLogger(logger).getEffectiveLevel();
  }

  private LogLevels levels() {
    return new LogLevels(context, folder);
  }

  @Test
  void a_file_names_a_logger_and_its_going_gives_the_level_back() throws IOException {
    var levels = levels();
    Files.writeString(folder.resolve("io.tunetrail"), "debug\n");
    Files.writeString(folder.resolve("io.javaoperatorsdk"), "info");
    levels.look();
    assertThat(levelOf("io.tunetrail.operator.X")).isEqualTo(Level.DEBUG);
    assertThat(levelOf("io.javaoperatorsdk.X")).isEqualTo(Level.INFO);

    Files.writeString(folder.resolve("io.tunetrail"), "warn");
    Files.delete(folder.resolve("io.javaoperatorsdk"));
    levels.look();
    assertThat(levelOf("io.tunetrail.operator.X")).isEqualTo(Level.WARN);
    assertThat(levelOf("io.javaoperatorsdk.X")).isEqualTo(Level.WARN);

    Files.delete(folder.resolve("io.tunetrail"));
    levels.look();
    assertThat(levelOf("io.tunetrail.operator.X")).isEqualTo(Level.INFO);
  }

  @Test
  void root_is_all_that_has_no_level_of_its_own() throws IOException {
    Files.writeString(folder.resolve("root"), "ERROR");
    levels().look();
    assertThat(levelOf("io.tunetrail.operator.X")).isEqualTo(Level.ERROR);
    assertThat(levelOf("io.fabric8.X")).isEqualTo(Level.WARN);
  }

  @Test
  void what_is_no_level_changes_nothing() throws IOException {
    Files.writeString(folder.resolve("io.tunetrail"), "loud");
    levels().look();
    assertThat(levelOf("io.tunetrail")).isEqualTo(Level.INFO);
  }

  @Test
  void no_level_makes_libraries_tell_what_secrets_hold() throws IOException {
    Files.writeString(folder.resolve("io.fabric8"), "trace");
    Files.writeString(
        folder.resolve("io.fabric8.kubernetes.client.http.HttpLoggingInterceptor"), "trace");
    Files.writeString(folder.resolve("root"), "trace");
    levels().look();
    assertThat(levelOf("io.fabric8.X")).isEqualTo(Level.DEBUG);
    assertThat(levelOf("root")).isEqualTo(Level.DEBUG);
    assertThat(levelOf("io.fabric8.kubernetes.client.http.HttpLoggingInterceptor"))
        .isEqualTo(Level.OFF);
  }

  @Test
  void where_there_is_no_folder_nothing_is_changed() {
    new LogLevels(context, folder.resolve("none")).look();
    assertThat(levelOf("io.tunetrail")).isEqualTo(Level.INFO);
  }
}
