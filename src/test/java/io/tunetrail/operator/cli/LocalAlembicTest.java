package io.tunetrail.operator.cli;

import static io.tunetrail.operator.cli.Said.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project's folder and a real PostgreSQL; no cluster. What stands for Alembic here knows two
 * revisions and can say, but not do, what it is asked for.
 */
@Timeout(120)
class LocalAlembicTest {
  private static final String ALEMBIC =
      """
      class CommandError(Exception): pass
      def to_list(value, default): return default if value is None else [value]
      """;

  private static final String CONFIG =
      """
      class Config:
        def __init__(self, ini): self.ini = ini
        def get_main_option(self, name): return "migrations"
      """;

  private static final String SCRIPT =
      """
      import os
      class Revision:
        def __init__(self, revision, down, doc):
          self.revision, self.down_revision, self.doc = revision, down, doc
          self.dependencies, self.module = None, None
          self.path = os.path.join("migrations", "versions", revision + ".py")
      class ScriptDirectory:
        dir, _version_locations = "migrations", ["migrations/versions"]
        @classmethod
        def from_config(cls, config): return cls()
        def walk_revisions(self):
          return [Revision("bb22", "aa11", "add bands"), Revision("aa11", None, "add songs")]
        def get_revisions(self, it): return []
      """;

  private final TestDatabase database = TestDatabase.create();

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void project() throws IOException {
    write("packages/alembic/__init__.py", "");
    write("packages/alembic/util.py", ALEMBIC);
    write("packages/alembic/config.py", CONFIG);
    write("packages/alembic/script.py", SCRIPT);
    write("project/alembic.ini", "[alembic]\nscript_location = migrations\n");
    write("project/migrations/env.py", "");
    write("project/migrations/versions/aa11.py", "");
    write("project/migrations/versions/bb22.py", "");
    program(
        "python",
        "exec env PYTHONPATH='%s' python3 \"$@\"".formatted(folder.resolve("packages").toString()));
    program("alembic", "echo \"$PGDATABASE $ENVIRONMENT $*\"; echo 'no such revision' >&2; exit 3");
    manifest();
  }

  @Test
  void the_projects_own_revisions_are_what_is_pending() {
    var said = local("status");
    assertThat(said.err()).isEmpty();
    assertThat(said.out())
        .contains("aa11", "add songs", "bb22", "add bands", "Database:  none", "latest, now bb22");
  }

  @Test
  void the_projects_own_command_works_under_the_lock_and_its_failure_is_told() {
    var said = local("migrate", "--to", "aa11");
    assertThat(said.err())
        .contains("%s staging".formatted(database.name()), "upgrade aa11")
        .contains("error: songs: ProgramFailed: ")
        .doesNotContain(database.password());
    assertThat(said.exitCode()).isEqualTo(4);
    assertThat(database.query("SELECT work || ' ' || outcome FROM tunetrail.history"))
        .containsExactly("migrate ProgramFailed");
  }

  @Test
  void what_alembic_makes_needs_a_scratch_database_and_what_it_compares_a_revision() {
    assertThat(local("check").err()).contains("songs has no revision yet; migrate it first");
    var drafted = local("generate", "songs", "add bands");
    assertThat(drafted.exitCode()).isEqualTo(1);
    assertThat(drafted.err()).contains("CREATEDB").doesNotContain(database.password());
    assertThat(local("wait", "--timeout", "1s").err()).startsWith("error: songs: not after 1 s: ");
  }

  @Test
  void without_the_folder_or_its_python_it_says_what_to_name() {
    assertThat(command("status", "--local=" + folder.resolve("manifest.yaml")).err())
        .contains("name it by --project");
    assertThat(
            command(
                    "status",
                    "--local=" + folder.resolve("manifest.yaml"),
                    "--project=" + folder.resolve("project"),
                    "--python=" + folder.resolve("nowhere"))
                .err())
        .contains("can't be started in", "name the project's Python by --python");
    assertThat(
            command(
                    "status",
                    "--local=" + folder.resolve("manifest.yaml"),
                    "--project=" + folder.resolve("packages"),
                    "--python=" + folder.resolve("python"))
                .err())
        .contains("there is no " + folder.resolve("packages").resolve("alembic.ini"));
  }

  private void manifest() throws IOException {
    write(
        "manifest.yaml",
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: db}
        stringData: {host: localhost, port: "%d", database: "%s", username: "%s", password: "%s"}
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
        spec: {edition: commercial, environment: staging,
          connection: {secretRef: {name: db}, caRef: {configMap: {name: ca, key: ca.crt}}},
          schema: {alembic: {image: "registry.example.org/songs:1", workingDirectory: /app,
            python: [/opt/venv/bin/python], command: ["%s"]}}}
        """
            .formatted(
                database.server().port(),
                database.name(),
                database.owner(),
                database.password(),
                database.server().caPem().replace("\n", "\n    "),
                folder.resolve("alembic")));
  }

  private void write(String file, String text) throws IOException {
    var path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void program(String name, String script) throws IOException {
    write(name, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rwx------"));
  }

  private Said local(String name, String... args) {
    var all = new ArrayList<>(List.of(name));
    all.addAll(List.of(args));
    all.add("--local=" + folder.resolve("manifest.yaml"));
    all.add("--project=" + folder.resolve("project"));
    all.add("--python=" + folder.resolve("python"));
    return command(all.toArray(String[]::new));
  }
}
