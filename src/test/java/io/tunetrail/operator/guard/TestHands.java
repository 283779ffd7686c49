package io.tunetrail.operator.guard;

import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.engine.HandsScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The hands on this machine's Python, in a process of their own as in a container of their own. */
record TestHands(Process process, Path folder) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A program for {@code python3 -c}. */
  static List<String> python(String program) {
    return List.of("python3", "-c", program);
  }

  /** Beside a guard. */
  static TestHands beside(Path shared) {
    return start(shared, List.of(shared.resolve(HandsScript.NAME).toString()));
  }

  /** By {@code python3} with these arguments. */
  static TestHands start(Path shared, List<String> arguments) {
    try {
      var folder = Files.createTempDirectory("test-hands");
      var command = new ArrayList<>(List.of("python3"));
      command.addAll(arguments);
      var builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.redirectOutput(folder.resolve("log").toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "TUNETRAIL_SHARED", shared.toString(),
                  "TUNETRAIL_REPORT", folder.resolve("report").toString(),
                  "TMPDIR", folder.toString()));
      return new TestHands(builder.start(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log() {
    return text(folder.resolve("log"));
  }

  /** The container's termination message. */
  String report() {
    return text(folder.resolve("report"));
  }

  void awaitLog(String text) {
    await().atMost(PATIENCE).until(() -> log().contains(text));
  }

  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the hands did not end; their log: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
