import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Times two commands in turn as whole processes inside a pod, whose image has no shell.
 *
 * <p>{@code exit RUNS -- COMMAND... -- COMMAND... [-- COMMAND...]} times the first two until they
 * end, with the processor time that they took and the most memory that they and their children had,
 * files aside; a third one is run before each round. {@code ready RUNS URL -- COMMAND... --
 * COMMAND...} times the first until it ends and the second until the URL answers 200, and reads its
 * memory afterwards. {@code {round}} in a command stands for the round's number, for what can't be
 * written twice. One round before the counted ones is not printed. Prints a line a figure: its
 * name, and seconds or bytes.
 */
final class Stopwatch {
  private static final long POLL_MILLIS = 5;
  private static final long LOOK_MILLIS = 50;
  private static final long LONGEST_MILLIS = 120_000;

  /** After which the resident set of a process that became ready is read. */
  private static final long SETTLING_MILLIS = 2_000;

  private static boolean counted;

  private Stopwatch() {}

  public static void main(String[] args) throws Exception {
    var commands = commands(args);
    int runs = Integer.parseInt(args[1]);
    for (int round = 0; round <= runs; round++) {
      counted = round > 0;
      if (commands.size() > 2) {
        run(commands.get(2));
      }
      untilExit("first", ofRound(commands.get(0), round));
      switch (args[0]) {
        case "exit" -> untilExit("second", commands.get(1));
        case "ready" -> untilReady(commands.get(1), URI.create(args[2]));
        default -> throw new IllegalArgumentException("exit or ready, not " + args[0]);
      }
    }
  }

  private static List<String> ofRound(List<String> command, int round) {
    return command.stream().map(it -> it.replace("{round}", Integer.toString(round))).toList();
  }

  /** What stands behind each separator. */
  private static List<List<String>> commands(String[] args) {
    var commands = new ArrayList<List<String>>();
    for (var arg : args) {
      if (arg.equals("--")) {
        commands.add(new ArrayList<>());
      } else if (!commands.isEmpty()) {
        commands.getLast().add(arg);
      }
    }
    return commands;
  }

  private static void untilExit(String name, List<String> command)
      throws IOException, InterruptedException {
    var log = log();
    double processorBefore = processorSecondsOfChildren();
    long began = System.nanoTime();
    var process = start(command, log);
    double peak = 0;
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, memoryOfAll(process));
      if (secondsSince(began) * 1000 > LONGEST_MILLIS) {
        process.destroyForcibly();
      }
    }
    double seconds = secondsSince(began);
    if (process.exitValue() != 0) {
      throw failed(command, log);
    }
    print(name, seconds);
    print(name + "-peak", peak);
    print(name + "-processor", processorSecondsOfChildren() - processorBefore);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    var log = log();
    if (start(command, log).waitFor() != 0) {
      throw failed(command, log);
    }
  }

  /** Bytes of a process and its children. */
  private static double memoryOfAll(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(it -> memoryOrNone(it.pid()))
        .sum();
  }

  private static double memoryOrNone(long pid) {
    try {
      return memory(pid, "RssAnon:");
    } catch (IOException e) {
      return 0; // it ended
    }
  }

  /** Of those that have ended; in steps of 10 ms. */
  private static double processorSecondsOfChildren() throws IOException {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
  }

  private static void untilReady(List<String> command, URI url)
      throws IOException, InterruptedException {
    var log = log();
    long began = System.nanoTime();
    var process = start(command, log);
    while (!answers(url)) {
      if (!process.isAlive() || secondsSince(began) * 1000 > LONGEST_MILLIS) {
        process.destroyForcibly();
        throw failed(command, log);
      }
      Thread.sleep(POLL_MILLIS);
    }
    print("second", secondsSince(began));
    Thread.sleep(SETTLING_MILLIS);
    print("resident", memory(process.pid(), "VmRSS:"));
    print("peak", memory(process.pid(), "VmHWM:"));
    process.destroy();
    process.waitFor();
  }

  private static Path log() throws IOException {
    return Files.createTempFile("stopwatch", ".log");
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static boolean answers(URI url) throws IOException {
    var connection = (HttpURLConnection) url.toURL().openConnection();
    try {
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false; // nobody listens yet
    } finally {
      connection.disconnect();
    }
  }

  private static double memory(long pid, String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", "" + pid, "status"))) {
      if (line.startsWith(field)) {
        return 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("the process has no " + field);
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static IllegalStateException failed(List<String> command, Path log) throws IOException {
    return new IllegalStateException(command + " failed: " + Files.readString(log));
  }

  private static void print(String name, double value) {
    if (counted) {
      System.out.printf(Locale.ROOT, "%s %.6f%n", name, value);
    }
  }
}
