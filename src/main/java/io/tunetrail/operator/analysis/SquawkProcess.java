package io.tunetrail.operator.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs squawk's program in a folder of its own, which is removed afterwards, for a minute at most.
 *
 * @param file the program's
 */
record SquawkProcess(Path file) implements Squawk.Program {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** It has found nothing, or something. */
  private static final List<Integer> ANSWERED = List.of(0, 1);

  @Override
  public String output(List<String> arguments, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(file)) {
      throw new IOException("there is no program %s here".formatted(file));
    }
    var folder = Files.createTempDirectory("squawk");
    try {
      for (var entry : files.entrySet()) {
        Files.write(folder.resolve(entry.getKey()), entry.getValue());
      }
      var out = folder.resolve("out");
      run(arguments, folder, out);
      return Files.readString(out, StandardCharsets.UTF_8);
    } finally {
      remove(folder);
    }
  }

  private void run(List<String> arguments, Path folder, Path out)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(file.toString());
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("it did not end within %d s".formatted(LIMIT.toSeconds()));
      }
      if (!ANSWERED.contains(process.exitValue())) {
        throw new IOException("it ended with exit code %d".formatted(process.exitValue()));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
