import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Flyway's migrate and nothing else, with the settings that the runner uses and from the same
 * mounts: the floor for the runner.
 */
final class BareMigrate {
  private BareMigrate() {}

  public static void main(String[] args) throws IOException {
    var mounts = Path.of(args[0]);
    var configuration =
        new FluentConfiguration()
            .dataSource(
                "jdbc:postgresql://%s:%s/%s"
                    .formatted(key(mounts, "host"), key(mounts, "port"), key(mounts, "database")),
                key(mounts, "username"),
                key(mounts, "password"))
            .locations("filesystem:" + args[1])
            .target(args[2])
            .skipDefaultCallbacks(true)
            .validateOnMigrate(false)
            .cleanDisabled(true)
            .connectRetries(0);
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    var result = configuration.load().migrate();
    if (result.migrationsExecuted != 0 || !args[2].equals(result.initialSchemaVersion)) {
      throw new IllegalStateException("there was something to do: " + result.initialSchemaVersion);
    }
  }

  private static String key(Path mounts, String name) throws IOException {
    return Files.readString(mounts.resolve("secret").resolve(name)).strip();
  }
}
