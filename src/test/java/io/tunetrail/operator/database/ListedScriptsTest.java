package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestSpecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is listed of scripts is to Flyway what the scripts themselves are. */
@Timeout(120)
class ListedScriptsTest extends Looking {
  private static final String VIEW = "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;";
  private static final String OWNED =
      "CREATE OR REPLACE VIEW owned AS SELECT '${owner}' AS owner, '${flyway:database}' AS place;";

  private static FlywaySettings owner(String owner) {
    return TestSpecs.flyway("placeholders: {owner: %s}".formatted(owner));
  }

  /** As it comes back from the ConfigMap that keeps it. */
  private static ScriptListing listing(ScriptSet scripts, FlywaySettings settings)
      throws InvalidScripts {
    return ScriptListing.parse(MigrationScripts.of(scripts, settings).listing().toJson());
  }

  private SchemaState.Flyway listed(FlywaySettings settings, ScriptSet scripts)
      throws InvalidScripts {
    var request = new LookRequest("uid-1", settings, null, listing(scripts, settings));
    return (SchemaState.Flyway) seen(new Inspector().look(database.settings(), request)).schema();
  }

  /** What Flyway says of the scripts itself, and what it says of their listing. */
  private void sameToFlyway(FlywaySettings settings, ScriptSet scripts) throws InvalidScripts {
    var source = new OpeningDataSource(database::connect);
    var files = MigrationScripts.of(scripts, settings);
    var listed = new ListedScripts(listing(scripts, settings));
    assertThat(infos(FlywayConfiguration.of(settings, listed, source).resolvers(listed)))
        .isEqualTo(infos(FlywayConfiguration.of(settings, files, source)))
        .isNotEmpty();
  }

  private static List<String> infos(FluentConfiguration configuration) {
    return Stream.of(configuration.load().info().all()).map(ListedScriptsTest::text).toList();
  }

  private static String text(MigrationInfo info) {
    return "%s %s %s %s %s %s"
        .formatted(
            info.getVersion(),
            info.getDescription(),
            info.getScript(),
            info.getType(),
            info.getChecksum(),
            info.getState());
  }

  @Test
  void what_is_pending_applied_changed_removed_or_late_is_the_same() throws InvalidScripts {
    var settings = owner("ada");
    var before =
        scripts(
            "V1__songs.sql", SONGS,
            "V2__gone.sql", "SELECT 1;",
            "V3__changed.sql", "SELECT 1;",
            "R__titles.sql", VIEW,
            "R__owned.sql", OWNED);
    var after =
        scripts(
            "V1__songs.sql", "\uFEFF" + SONGS,
            "V1.5__late.sql", "SELECT 1;",
            "V3__changed.sql", "SELECT 2;",
            "V4__next_one.sql", "SELECT\r\n4;",
            "V4__next_one.sql.conf", "executeInTransaction=false",
            "U4__next_one.sql", "SELECT 1;",
            "R__titles.sql", VIEW,
            "R__owned.sql", OWNED);
    sameToFlyway(settings, after);
    flywayMigrates(before, settings);

    sameToFlyway(settings, before);
    sameToFlyway(settings, after);
    assertThat(states(listed(settings, after)))
        .containsExactlyInAnyOrder(
            "V1__songs.sql APPLIED",
            "V1.5__late.sql SKIPPED",
            "V2__gone.sql REMOVED",
            "V3__changed.sql CHANGED",
            "V4__next_one.sql PENDING",
            "R__owned.sql APPLIED",
            "R__titles.sql APPLIED");
  }

  @Test
  void a_baseline_script_is_the_same_before_and_after_its_version() throws InvalidScripts {
    var settings = owner("ada");
    var scripts =
        scripts(
            "V1__songs.sql",
            SONGS,
            "B2__both.sql",
            SONGS + "SELECT 2;",
            "V2__more.sql",
            "SELECT 2;",
            "V3__last.sql",
            "SELECT 3;");
    sameToFlyway(settings, scripts);
    flywayMigrates(scripts("V1__songs.sql", SONGS), settings);
    sameToFlyway(settings, scripts);
  }

  @Test
  void a_repeatable_script_runs_again_when_a_placeholder_in_it_has_another_value()
      throws InvalidScripts {
    var scripts = scripts("V1__songs.sql", SONGS, "R__titles.sql", VIEW, "R__owned.sql", OWNED);
    flywayMigrates(scripts, owner("ada"));

    sameToFlyway(owner("eve"), scripts);
    assertThat(states(listed(owner("ada"), scripts)))
        .containsExactly("V1__songs.sql APPLIED", "R__owned.sql APPLIED", "R__titles.sql APPLIED");
    assertThat(states(listed(owner("eve"), scripts)))
        .contains("R__owned.sql PENDING", "R__titles.sql APPLIED");
  }

  @Test
  void scripts_of_folders_are_known_by_the_names_of_their_files() throws InvalidScripts {
    var settings = owner("ada");
    var scripts =
        scripts(
            "2025/V1__songs.sql", SONGS,
            "2026/V2__more.sql", "CREATE TABLE more ();",
            "views/R__titles.sql", VIEW);
    flywayMigrates(scripts("2025/V1__songs.sql", SONGS), settings);

    sameToFlyway(settings, scripts);
    assertThat(states(listed(settings, scripts)))
        .containsExactly(
            "2025/V1__songs.sql APPLIED",
            "2026/V2__more.sql PENDING",
            "views/R__titles.sql PENDING");
  }

  @Test
  void fault_40_six_hundred_scripts_of_more_than_a_mebibyte_are_listed_and_looked_at()
      throws InvalidScripts {
    var settings = owner("ada");
    var names = new ArrayList<String>();
    IntStream.rangeClosed(1, 600)
        .forEach(
            it -> {
              names.add("V%d__a_step_with_quite_a_long_description.sql".formatted(it));
              names.add("-- %s\nSELECT %d;".formatted("x".repeat(4000), it));
            });
    var scripts = scripts(names.toArray(String[]::new));
    flywayMigrates(scripts(names.subList(0, 20).toArray(String[]::new)), settings);

    assertThat(bytes(scripts)).isGreaterThan(2_000_000);
    assertThat(listing(scripts, settings).toJson()).hasSizeLessThan(200_000);
    var schema = listed(settings, scripts);
    assertThat(schema.current()).isEqualTo("10");
    assertThat(schema.migrations())
        .hasSize(600)
        .filteredOn(it -> it.state() == SchemaState.State.PENDING)
        .hasSize(590);
  }

  private static int bytes(ScriptSet scripts) {
    return scripts.files().stream()
        .mapToInt(it -> it.content().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
