package io.tunetrail.operator.database;

import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.sqlscript.SqlScript;
import org.jspecify.annotations.Nullable;

/** What scripts would send the server, placeholders replaced, as Flyway's own parser reads them. */
public final class PlannedScripts {
  private final FlywaySettings settings;
  private final MigrationScripts scripts;
  private final DataSource source;

  /**
   * Of these scripts.
   *
   * @param source sessions to read in, as the work itself would have them
   */
  public PlannedScripts(FlywaySettings settings, MigrationScripts scripts, DataSource source) {
    this.settings = settings;
    this.scripts = scripts;
    this.source = source;
  }

  /** The statements of migrations that would run. */
  public List<PlannedStatement> forward(List<Migration> pending) throws InvalidScripts {
    var parser =
        new ScriptParser(FlywayConfiguration.of(settings, scripts, source), scripts, source);
    var statements = new ArrayList<PlannedStatement>();
    for (var migration : pending) {
      var script = scripts.script(migration.script());
      if (script == null) {
        throw new InvalidScripts("there is no script " + migration.script());
      }
      add(statements, parser.parsed(script), migration.version());
    }
    return statements;
  }

  /**
   * The statements of the scripts that take versions back.
   *
   * @param versions newest first
   */
  public List<PlannedStatement> back(List<Migration> versions) throws InvalidScripts {
    var configuration =
        FlywayConfiguration.of(settings, scripts, source)
            .sqlMigrationPrefix(ScriptNames.UNDO_PREFIX);
    var parser = new ScriptParser(configuration, scripts, source);
    var statements = new ArrayList<PlannedStatement>();
    for (var version : versions) {
      var number = MigrationVersion.fromVersion(Objects.requireNonNull(version.version()));
      var script = scripts.undo(number);
      if (script == null) {
        throw new InvalidScripts("nothing takes back " + version.script());
      }
      add(statements, parser.parsed(script), version.version());
    }
    return statements;
  }

  private static void add(
      List<PlannedStatement> statements, SqlScript script, @Nullable String version) {
    script.validate();
    var name = script.getResource().getRelativePath();
    boolean transactional = script.executeInTransaction();
    try (var parsed = script.getSqlStatements()) {
      while (parsed.hasNext()) {
        statements.add(new PlannedStatement(name, version, parsed.next().getSql(), transactional));
      }
    }
  }
}
