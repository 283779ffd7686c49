package io.tunetrail.operator.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Levels of the log that are changed while the operator runs: a folder, mounted from a ConfigMap,
 * has a file for each logger, named as it, or {@code root}, which holds the level. A logger whose
 * file goes has the level again that it had.
 */
final class LogLevels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogLevels.class);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(2);
  private static final String OUR_OWN = "io.tunetrail";
  private static final int LONGEST = 16;

  /** It tells whole requests and answers of the API server, Secrets and tokens among them. */
  private static final String TELLS_SECRETS =
      "io.fabric8.kubernetes.client.http.HttpLoggingInterceptor";

  private final LoggerContext context;
  private final Path folder;
  private final Map<String, @Nullable Level> before = new HashMap<>();
  private final Thread thread;
  private Map<String, String> seen = Map.of();

  LogLevels(LoggerContext context, Path folder) {
    this.context = context;
    this.folder = folder;
    this.thread = Thread.ofVirtual().name("log-levels").unstarted(this::watch);
  }

  /** Looks at the folder from now on. */
  static LogLevels start(LoggerContext context, Path folder) {
    var levels = new LogLevels(context, folder);
    levels.thread.start();
    return levels;
  }

  /** Whatever level is asked for. */
  static void keepSecrets(LoggerContext context) {
    context.getLogger(TELLS_SECRETS).setLevel(Level.OFF);
  }

  private void watch() {
    try {
      while (true) {
        look();
        Thread.sleep(LOOKED_AT_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does as the folder says now. */
  void look() {
    var wanted = read();
    if (wanted.equals(seen)) {
      return;
    }
    seen = wanted;
    before.forEach((name, level) -> context.getLogger(name).setLevel(level));
    before.clear();
    wanted.forEach(this::set);
    keepSecrets(context);
    LOG.info("log levels by {}: {}", folder, wanted.isEmpty() ? "none" : wanted);
  }

  /** Kubernetes' own entries begin with dots. */
  private Map<String, String> read() {
    var levels = new TreeMap<String, String>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*")) {
      for (var file : files) {
        levels.put(file.getFileName().toString(), text(file));
      }
    } catch (IOException e) {
      return new TreeMap<>(); // there is no such ConfigMap, or it is being replaced
    }
    return levels;
  }

  private static String text(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
    }
  }

  private void set(String name, String text) {
    var level = Level.toLevel(text, null);
    if (level == null) {
      LOG.warn("{} is no level for {}: off, error, warn, info, debug or trace is", text, name);
      return;
    }
    var logger = context.getLogger(name.equals("root") ? Logger.ROOT_LOGGER_NAME : name);
    before.put(logger.getName(), logger.getLevel());
    logger.setLevel(bounded(logger.getName(), level));
  }

  /** What libraries tell at trace is not bound to be free of secrets. */
  private static Level bounded(String name, Level level) {
    boolean own = name.equals(OUR_OWN) || name.startsWith(OUR_OWN + ".");
    return own || level.isGreaterOrEqual(Level.DEBUG) ? level : Level.DEBUG;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
