package io.tunetrail.operator.database;

import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.database.DatabaseType;
import org.flywaydb.core.internal.database.base.Database;
import org.flywaydb.core.internal.jdbc.JdbcConnectionFactory;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.sqlscript.SqlScript;
import org.flywaydb.core.internal.sqlscript.SqlScriptFactory;

/** Flyway's own parser of scripts, with a session that its placeholders are read in. */
final class ScriptParser {
  private final MigrationScripts scripts;
  private final Configuration configuration;
  private final JdbcConnectionFactory connections;
  private final DatabaseType type;
  private final Database<?> database;
  private final SqlScriptFactory parser;

  ScriptParser(Configuration configuration, MigrationScripts scripts, DataSource source) {
    this.configuration = configuration;
    this.scripts = scripts;
    connections = new JdbcConnectionFactory(source, configuration, null);
    type = connections.getDatabaseType();
    database = type.createDatabase(configuration, connections, null);
    var parsing = new ParsingContext();
    parsing.populate(database, configuration);
    parser = type.createSqlScriptFactory(configuration, parsing);
  }

  SqlScript parsed(LoadableResource file) {
    return parser.createSqlScript(file, configuration.isMixed(), scripts);
  }

  JdbcConnectionFactory connections() {
    return connections;
  }

  DatabaseType type() {
    return type;
  }

  Database<?> database() {
    return database;
  }
}
