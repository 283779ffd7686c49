package io.tunetrail.operator.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A container's program for tests: reports the files of its mounts with their content, and its
 * environment, then ends with the exit code of its argument, or hangs.
 */
final class ReportingProgram {
  private ReportingProgram() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var seen = new TreeMap<String, String>();
    var mounts = Path.of(System.getenv("TUNETRAIL_MOUNTS"));
    try (var files = Files.walk(mounts)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        seen.put(mounts.relativize(file).toString(), Files.readString(file));
      }
    }
    seen.keySet().removeIf(name -> name.contains(".."));
    var environment = new TreeMap<>(Map.copyOf(System.getenv()));
    environment.keySet().removeIf(name -> name.equals("PATH") || name.equals("HOME"));
    Files.writeString(
        Path.of(System.getenv("TUNETRAIL_REPORT")), seen + " " + environment.keySet());
    System.out.println("seen " + seen.size() + " files");
    if (arguments[0].equals("hang")) {
      new CountDownLatch(1).await();
    }
    System.exit(Integer.parseInt(arguments[0]));
  }
}
