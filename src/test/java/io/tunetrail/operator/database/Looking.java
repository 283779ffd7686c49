package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestSpecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tests of the look share: a database of their own, and how it is looked at. */
abstract class Looking {
  static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";

  final TestDatabase database = TestDatabase.create();
  private final Inspector inspector = new Inspector(Duration.ofSeconds(30));

  static FlywaySettings settings(@Nullable Boolean outOfOrder, @Nullable String baselineVersion) {
    return TestSpecs.flyway("outOfOrder: " + outOfOrder, baselineVersion);
  }

  static ScriptSet scripts(String... namesAndContents) {
    var files = new ArrayList<ScriptFile>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      files.add(new ScriptFile(0, namesAndContents[i], namesAndContents[i + 1]));
    }
    return new ScriptSet(files);
  }

  DatabaseFacts facts(FlywaySettings settings, ScriptSet scripts) {
    return seen(look(settings, scripts));
  }

  Look look(FlywaySettings settings, ScriptSet scripts) {
    return inspector.look(database.settings(), new LookRequest("uid-1", settings, null, scripts));
  }

  SchemaState.Flyway flyway(FlywaySettings settings, ScriptSet scripts) {
    var schema = facts(settings, scripts).schema();
    assertThat(schema).isInstanceOf(SchemaState.Flyway.class);
    return (SchemaState.Flyway) schema;
  }

  static DatabaseFacts seen(Look look) {
    assertThat(look).isInstanceOf(Look.Seen.class);
    return ((Look.Seen) look).facts();
  }

  static Look.Unseen unseen(Look look) {
    assertThat(look).isInstanceOf(Look.Unseen.class);
    return (Look.Unseen) look;
  }

  static List<String> states(SchemaState.Flyway schema) {
    return schema.migrations().stream().map(it -> it.script() + " " + it.state()).toList();
  }

  Look look(ConnectionSettings settings) {
    return inspector.look(settings, new LookRequest("uid-1", null, null, scripts()));
  }

  void flywayMigrates(ScriptSet scripts, FlywaySettings settings) throws InvalidScripts {
    FlywayConfiguration.of(
            settings,
            MigrationScripts.of(scripts, settings),
            new OpeningDataSource(database::connect))
        .baselineOnMigrate(settings.baselineVersion() != null)
        .baselineVersion(Objects.requireNonNullElse(settings.baselineVersion(), "1"))
        .load()
        .migrate();
  }
}
