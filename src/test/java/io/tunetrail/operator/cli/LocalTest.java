package io.tunetrail.operator.cli;

import static io.tunetrail.operator.cli.Said.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifest, folder and a real PostgreSQL; no cluster. */
class LocalTest {
  private final TestDatabase database = TestDatabase.create();

  @TempDir private Path folder = Path.of("");

  @Test
  void a_laptop_migrates_as_the_cluster_does() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    script("V2__bands.sql", "CREATE TABLE bands (id int)");
    assertThat(local("plan").out())
        .isEqualTo(
            """
            songs: none → 2

            -- V1__songs.sql
            CREATE TABLE songs (id int);
            -- V2__bands.sql
            CREATE TABLE bands (id int);
            """);
    assertThat(local("status").out()).contains("Database:  none\n", "1        songs\n");

    var migrated = local("migrate", "--to", "1");
    assertThat(migrated.err()).contains("V1__songs.sql").doesNotContain(database.password());
    assertThat(migrated.exitCode()).isZero();
    assertThat(migrated.out()).isEqualTo("songs: the database is at version 1\n");
    assertThat(local("migrate").out()).isEqualTo("songs: the database is at version 2\n");
    assertThat(local("status").out()).contains("UpToDate, ready").doesNotContain("Jobs\n");
    assertThat(local("plan").out()).isEqualTo("songs: nothing would run\n");
    assertThat(database.query("SELECT work FROM tunetrail.history ORDER BY id"))
        .isEqualTo(List.of("migrate", "migrate"));
  }

  @Test
  void going_back_needs_the_manifest_s_word() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    script("V2__bands.sql", "CREATE TABLE bands (id int)");
    script("U2__bands.sql", "DROP TABLE bands");
    assertThat(local("migrate").exitCode()).isZero();
    var refused = local("migrate", "--to", "1");
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).startsWith("error: songs: TargetBelowDatabase:");
    manifest("staging", "targetVersion: '1', migration: {rollback: Undo}");
    assertThat(local("plan").out())
        .isEqualTo("songs: 2 → 1\n\n-- U2__bands.sql\nDROP TABLE bands;\n");
    assertThat(local("migrate").out()).isEqualTo("songs: the database is at version 1\n");
    assertThat(database.query("SELECT to_regclass('bands')::text")).containsOnlyNulls();
  }

  @Test
  void steps_and_the_way_back_are_counted_from_where_the_database_is() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    script("V2__bands.sql", "CREATE TABLE bands (id int)");
    script("U2__bands.sql", "DROP TABLE bands");
    assertThat(local("wait", "--timeout", "1s").exitCode()).isEqualTo(3);
    assertThat(local("migrate", "--to", "+1").out())
        .isEqualTo("songs: the database is at version 1\n");
    assertThat(local("migrate", "--to", "+2").err()).contains("2 steps are too many");
    assertThat(local("migrate").exitCode()).isZero();
    assertThat(local("wait", "--for", "version=2").out())
        .isEqualTo("songs: the database is at version 2\n");
    assertThat(local("migrate", "--to=-1").err())
        .isEqualTo("error: 2 → 1 (undoes 2) goes back; that is undo --to -1\n");
    assertThat(local("undo", "--to=-1").err()).contains("there is no terminal to ask on");
    assertThat(local("undo", "--to=latest", "--yes").err()).contains("takes nothing back");
    assertThat(local("undo", "--to=-1", "--yes").out())
        .isEqualTo("songs: 2 → 1 (undoes 2)\nsongs: the database is at version 1\n");
    assertThat(database.query("SELECT to_regclass('bands')::text")).containsOnlyNulls();
    assertThat(database.query("SELECT work FROM tunetrail.history ORDER BY id"))
        .isEqualTo(List.of("migrate", "migrate", "undo"));
  }

  @Test
  void production_goes_back_by_an_approval_here_too() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    script("V2__bands.sql", "CREATE TABLE bands (id int)");
    script("U2__bands.sql", "DROP TABLE bands");
    assertThat(local("migrate").exitCode()).isZero();
    manifest("production", "");
    assertThat(local("undo", "--to=1", "--yes").exitCode()).isEqualTo(5);
    manifest("production", "approval: {version: '1', undo: true}");
    assertThat(local("undo", "--to=1", "--yes").exitCode()).isZero();
    assertThat(database.query("SELECT to_regclass('bands')::text")).containsOnlyNulls();
  }

  @Test
  void what_needs_a_cluster_says_what_to_do_without_one() throws IOException {
    manifest("staging", "");
    for (var name : List.of("approve", "reject", "retry")) {
      var said = command(name, "songs", "--local=" + folder.resolve("manifest.yaml"));
      assertThat(said.exitCode()).as(name).isEqualTo(2);
      assertThat(said.err()).contains(name + " has no --local: ");
    }
    assertThat(command("target", "songs", "1", "--local=manifest.yaml").err())
        .contains("target has no --local: ", "spec.targetVersion");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    assertThat(local("check").err()).contains("is not migrated by Alembic");
    assertThat(local("generate", "songs", "more").err()).contains("has no spec.schema.alembic");
    assertThat(local("setup", "--metadata", "models:metadata").err())
        .contains("has no spec.schema.alembic");
  }

  @Test
  void a_script_that_fails_ends_with_what_postgresql_says() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABEL songs ()");
    var failed = local("migrate");
    assertThat(failed.exitCode()).isEqualTo(4);
    assertThat(failed.err()).contains("error: songs: MigrationFailed: ", "V1__songs.sql", "TABEL");
  }

  @Test
  void what_was_done_and_what_somebody_changed_is_told_here_too() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    assertThat(local("history").out()).isEqualTo("songs: nothing was done to the database yet\n");
    assertThat(local("drift").err()).contains("has recorded no schema of songs yet");
    assertThat(local("migrate").exitCode()).isZero();
    assertThat(local("history").out()).contains("1", "Done");
    assertThat(local("drift"))
        .isEqualTo(new Said(0, "songs: the schema is as the last work left it\n", ""));
    database.execute("CREATE TABLE by_hand ()");
    var drifted = local("drift");
    assertThat(drifted.out()).contains("+ table public.by_hand");
    assertThat(drifted.exitCode()).isEqualTo(1);
  }

  @Test
  void the_doctor_looks_at_the_database_from_here() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    var healthy = local("doctor");
    assertThat(healthy.out())
        .contains("OK    server        PostgreSQL ", "as " + database.owner())
        .contains("OK    privileges    may create in schema public")
        .contains("OK    history       is not there yet, and may be made")
        .contains("WARN  scratch       may make no databases")
        .contains("OK    lock          nobody works on the database")
        .contains("OK    server clock  agrees with the server's")
        .doesNotContain(database.password());
    assertThat(healthy.exitCode()).isZero();
    database.server().execute(database.name(), "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    database.server().execute(database.name(), "ALTER SCHEMA public OWNER TO postgres");
    database.server().execute("ALTER DATABASE %s OWNER TO postgres".formatted(database.name()));
    var lacking = local("doctor");
    assertThat(lacking.exitCode()).isEqualTo(1);
    assertThat(lacking.out())
        .contains("FAIL  privileges    may not create in schema public", "GRANT CREATE, USAGE ON")
        .contains("FAIL  history       schema tunetrail is not there and may not be made");
  }

  @Test
  void production_waits_for_its_approval_here_too() throws IOException {
    manifest("production", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    assertThat(local("migrate").exitCode()).isEqualTo(5);
    assertThat(database.query("SELECT to_regclass('songs')::text")).containsOnlyNulls();
    manifest("production", "approval: {version: '1', approvedBy: ada}");
    assertThat(local("migrate").exitCode()).isZero();
    assertThat(database.query("SELECT approved_by FROM tunetrail.history")).containsExactly("ada");
  }

  @Test
  void create_all_and_seeds_run_once_for_each_change() throws IOException {
    Files.writeString(
        folder.resolve("manifest.yaml"),
        secret()
            + """
            ---
            apiVersion: tunetrail.io/v1alpha1
            kind: TuneTrailDatabase
            metadata: {name: songs}
            spec:
              edition: community
              environment: development
              connection: {secretRef: {name: db}}
              schema: {createAll: {configMaps: [{name: tables}]}}
              seed: {configMaps: [{name: fixtures}]}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: tables}
            data: {a.sql: CREATE TABLE IF NOT EXISTS songs (id int PRIMARY KEY)}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: fixtures}
            data: {a.sql: INSERT INTO songs VALUES (1) ON CONFLICT DO NOTHING}
            """);
    var made = command("migrate", "--local=" + folder.resolve("manifest.yaml"));
    assertThat(made.err()).contains("create-all", "seed");
    assertThat(made.exitCode()).isZero();
    assertThat(database.query("SELECT id::text FROM songs")).containsExactly("1");
    assertThat(command("migrate", "--local=" + folder.resolve("manifest.yaml")).err()).isEmpty();
  }

  @Test
  void what_the_database_holds_is_documented_with_a_diagram() throws IOException {
    manifest("staging", "");
    script(
        "V1__songs.sql",
        """
        CREATE TYPE mood AS ENUM ('calm', 'loud');
        CREATE TABLE bands (id int PRIMARY KEY, name varchar(80) NOT NULL UNIQUE);
        CREATE TABLE songs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, band int NOT NULL REFERENCES bands,
          cover int REFERENCES songs ON DELETE SET NULL, mood mood);
        CREATE INDEX ON songs (band);
        CREATE VIEW calm AS SELECT id FROM songs WHERE mood = 'calm';
        """);
    assertThat(local("migrate").exitCode()).isZero();
    assertThat(local("schema").out())
        .isEqualTo(
            """
            # songs

            ```mermaid
            erDiagram
              bands {
                integer id PK
                character_varying(80) name
              }
              songs {
                bigint id PK
                integer band FK
                integer cover FK
                public_mood mood
              }
              bands ||--o{ songs : "band"
              songs |o--o{ songs : "cover"
            ```

            ## bands

            | column | type | |
            |---|---|---|
            | id | integer | not null |
            | name | character varying(80) | not null |

            - primary key (id)
            - unique (name)

            ## calm

            A view.

            | column | type | |
            |---|---|---|
            | id | bigint |  |

            ## songs

            | column | type | |
            |---|---|---|
            | id | bigint | not null, generated always as identity |
            | band | integer | not null |
            | cover | integer |  |
            | mood | public.mood |  |

            - foreign key (band) to public.bands (id)
            - foreign key (cover) to public.songs (id) on delete set null
            - primary key (id)
            - index (band)

            ## Enumerations

            | type | values |
            |---|---|
            | mood | calm, loud |
            """);
    assertThat(command("schema").exitCode()).isEqualTo(2);
  }

  @Test
  void a_database_that_is_away_is_said_to_be() throws IOException {
    manifest("staging", "");
    script("V1__songs.sql", "CREATE TABLE songs (id int)");
    var text = Files.readString(folder.resolve("manifest.yaml"));
    Files.writeString(
        folder.resolve("manifest.yaml"),
        text.replace("port: \"" + database.server().port(), "port: \"1"));
    var said = local("migrate");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).startsWith("error: songs: DatabaseUnreachable:");
  }

  private void manifest(String environment, String more) throws IOException {
    var authority = database.server().caPem().replace("\n", "\n    ");
    Files.writeString(
        folder.resolve("manifest.yaml"),
        secret()
            + """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ca}
            data:
              ca.crt: |
                %s
            ---
            apiVersion: tunetrail.io/v1alpha1
            kind: TuneTrailDatabase
            metadata: {name: songs}
            spec: {edition: commercial, environment: %s, connection: {secretRef: {name: db}, caRef: {configMap: {name: ca, key: ca.crt}}},
              schema: {flyway: {configMaps: [{name: elsewhere}]}}%s}
            """
                .formatted(authority, environment, more.isEmpty() ? "" : ", " + more));
    Files.createDirectories(folder.resolve("sql"));
  }

  private String secret() {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: db}
    stringData: {host: localhost, port: "%d", database: "%s", username: "%s", password: "%s"}
    """
        .formatted(
            database.server().port(), database.name(), database.owner(), database.password());
  }

  private void script(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("sql").resolve(name), sql);
  }

  private Said local(String name, String... args) {
    var all = new java.util.ArrayList<>(List.of(name));
    all.addAll(List.of(args));
    all.add("--local=" + folder.resolve("manifest.yaml"));
    all.add("--sql=" + folder.resolve("sql"));
    return command(all.toArray(String[]::new));
  }
}
