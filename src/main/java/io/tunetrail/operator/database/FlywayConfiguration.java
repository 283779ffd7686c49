package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Flyway's configuration, the same for the look and for the work, so that both see the same
 * migrations.
 */
public final class FlywayConfiguration {
  private FlywayConfiguration() {}

  /** What reads and what runs the scripts; only the files given are ever looked at. */
  public static FluentConfiguration of(
      FlywaySettings settings, ResourceProvider scripts, DataSource source) {
    var configuration = naming(new FluentConfiguration(), settings);
    configuration
        .dataSource(source)
        .resourceProvider(scripts)
        .javaMigrationClassProvider(List::of)
        .skipDefaultCallbacks(true)
        .encoding(StandardCharsets.UTF_8)
        .placeholders(settings.placeholders())
        .placeholderReplacement(settings.placeholderReplacement())
        .outOfOrder(settings.outOfOrder())
        .table(settings.table())
        .cleanDisabled(true)
        .loggers(FlywayLog.class.getName())
        .connectRetries(0);
    if (!settings.schemas().isEmpty()) {
      configuration.schemas(settings.schemas().toArray(String[]::new));
    }
    if (settings.defaultSchema() != null) {
      configuration.defaultSchema(settings.defaultSchema());
    }
    withoutTransactionalLock(configuration);
    return configuration;
  }

  /** Flyway puts the role that works between quotes as it is; empty where that does no harm. */
  public static Optional<String> objection(ConnectionSettings settings) {
    var role = Objects.requireNonNullElse(settings.role(), settings.username());
    return role.contains("'")
        ? Optional.of(
            "the role %s has a quote in it, which Flyway does not quote; let connection.role name another"
                .formatted(role))
        : Optional.empty();
  }

  static FluentConfiguration naming(FluentConfiguration configuration, FlywaySettings settings) {
    return configuration
        .sqlMigrationPrefix(settings.sqlMigrationPrefix())
        .repeatableSqlMigrationPrefix(settings.repeatableSqlMigrationPrefix())
        .sqlMigrationSeparator(settings.sqlMigrationSeparator())
        .sqlMigrationSuffixes(settings.sqlMigrationSuffixes().toArray(String[]::new));
  }

  /**
   * CREATE INDEX CONCURRENTLY would wait for ever for the transaction that Flyway's own lock holds
   * open.
   */
  private static void withoutTransactionalLock(FluentConfiguration configuration) {
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
  }
}
