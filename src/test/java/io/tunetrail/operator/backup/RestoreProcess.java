package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.migration.WorkLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A restore in place in a process of its own, to be stopped; its argument is a test's folder. */
final class RestoreProcess {
  private static final String FILE = "process.properties";

  private RestoreProcess() {}

  /** Tells it the two ways to the server. */
  static void write(Path folder, ConnectionSettings login, ConnectionSettings admin)
      throws IOException {
    var properties = new Properties();
    properties.setProperty("port", Integer.toString(login.port()));
    properties.setProperty("ca", String.valueOf(login.caPem()));
    properties.setProperty("database", login.database());
    put(properties, "login", login);
    put(properties, "admin", admin);
    try (var writer = Files.newBufferedWriter(folder.resolve(FILE))) {
      properties.store(writer, null);
    }
  }

  private static void put(Properties properties, String who, ConnectionSettings settings) {
    properties.setProperty(who, settings.username());
    properties.setProperty(who + ".password", settings.password().value());
  }

  public static void main(String[] args) throws IOException {
    var folder = Path.of(args[0]);
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(folder.resolve(FILE))) {
      properties.load(reader);
    }
    var login = settings(properties, "login");
    var result =
        new RestoreRun(
                TestRestore.order(),
                TestRestore.restoreOrder(
                    folder, login.database(), BackupChoice.latest(false), null),
                login,
                settings(properties, "admin"),
                new PostgresClients(folder.resolve("clients")),
                new WorkLog(System.out))
            .run();
    System.out.println(result);
    System.exit(result.outcome().exitCode());
  }

  private static ConnectionSettings settings(Properties properties, String who) {
    return new ConnectionSettings(
        "localhost",
        Integer.parseInt(properties.getProperty("port")),
        properties.getProperty("database"),
        properties.getProperty(who),
        new Password(properties.getProperty(who + ".password")),
        SslMode.VERIFY_FULL,
        properties.getProperty("ca"),
        null);
  }
}
