package io.tunetrail.operator.waiting;

import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Engines that somebody runs without the operator. */
record TestEngine(TestDatabase database) {

  /** Flyway's own migrate, with a script for each version that does next to nothing. */
  void flyway(String schema, String table, String... versions) {
    configured(schema, versions).table(table).load().migrate();
  }

  /** Flyway's own baseline. */
  void baseline(String schema, String version) {
    configured(schema).baselineVersion(version).load().baseline();
  }

  private FluentConfiguration configured(String schema, String... versions) {
    return Flyway.configure()
        .dataSource(
            "jdbc:postgresql://localhost:%d/%s"
                .formatted(database.server().port(), database.name()),
            database.owner(),
            database.password())
        .defaultSchema(schema)
        .locations("filesystem:" + scripts(versions));
  }

  private static Path scripts(String... versions) {
    try {
      var scripts = Files.createTempDirectory("scripts");
      for (var version : versions) {
        Files.writeString(scripts.resolve("V%s__none.sql".formatted(version)), "SELECT 1;");
      }
      return scripts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Alembic's table, as it makes it, with these rows and no others. */
  void alembic(String table, String... revisions) {
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS %1$s (version_num varchar(32) NOT NULL,
          CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
        DELETE FROM %1$s;
        INSERT INTO %1$s SELECT unnest('{%2$s}'::text[])
        """
            .formatted(table, String.join(",", revisions)));
  }
}
