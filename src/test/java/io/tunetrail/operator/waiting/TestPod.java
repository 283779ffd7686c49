package io.tunetrail.operator.waiting;

import io.tunetrail.operator.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** An application's pod whose init container waits: mounts in a folder, the rest in variables. */
final class TestPod {
  private final Path mounts;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  /** A pod with the owner's Secret mounted. */
  TestPod(TestDatabase database) {
    try {
      mounts = Files.createTempDirectory("test-pod");
      environment.put("TUNETRAIL_MOUNTS", mounts.toString());
      Files.createDirectories(mounts.resolve("secret"));
      Files.createDirectories(mounts.resolve("ca"));
      Files.writeString(mounts.resolve("ca/ca.crt"), database.server().caPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    secret("host", "localhost");
    secret("port", Integer.toString(database.server().port()));
    secret("database", database.name());
    secret("username", database.owner());
    secret("password", database.password());
    variable("TUNETRAIL_WAIT_DEADLINE", "60s");
  }

  TestPod secret(String key, String value) {
    try {
      Files.writeString(mounts.resolve("secret").resolve(key), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  TestPod variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  TestPod waitsFor(String version) {
    return variable("TUNETRAIL_WAIT_FOR", version);
  }

  TestPod atMost(String deadline) {
    return variable("TUNETRAIL_WAIT_DEADLINE", deadline);
  }

  /** Waits in this thread; the answer is the exit code. */
  int run() {
    try {
      return WaitRole.run(environment, new PrintStream(log, true, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits in a thread of its own. */
  CompletableFuture<Integer> start() {
    return CompletableFuture.supplyAsync(this::run);
  }

  /** Waits in a process of its own; {@code classes} gets the names of what it loads. */
  Process startProcess(Path classes) {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load=info:file=" + classes + "::filecount=0",
            "-cp",
            System.getProperty("java.class.path"),
            WaitProgram.class.getName());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(mounts.resolve("log").toFile());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process has said so far. */
  String processLog() {
    try {
      return Files.readString(mounts.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return log().lines().toList();
  }
}
