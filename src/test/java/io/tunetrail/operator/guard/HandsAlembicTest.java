package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.engine.HandsScript;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the hands do for Alembic, as far as it needs no Alembic; the cluster tests have it. */
@Timeout(120)
class HandsAlembicTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<String, String> URLS =
      Map.of(
          "", "postgresql://app:p%25w@db/x",
          "psycopg", "postgresql+psycopg://app:p%25w@db/x",
          "psycopg2", "postgresql+psycopg2://app:p%25w@db/x",
          "asyncpg", "postgresql+asyncpg://app:p%25w@db/x");

  /** Says what Alembic would read. */
  private static final String READER =
      """
      import configparser, os, sys
      ini = configparser.ConfigParser({"here": "elsewhere"})
      ini.read(os.environ["ALEMBIC_CONFIG"])
      print(sys.argv[1:])
      print(dict(ini.items(os.environ.get("SECTION", "alembic"))))
      print(oct(os.stat(os.environ["ALEMBIC_CONFIG"]).st_mode)[-3:])
      """;

  @TempDir Path folder;
  private SharedFolder shared = new SharedFolder(Path.of(""));
  private @Nullable TestHands hands;

  @BeforeEach
  void open() throws IOException {
    shared = new SharedFolder(folder);
    shared.writeHands();
    shared.touch(Instant.now());
    hands = TestHands.beside(folder);
  }

  @AfterEach
  void close() {
    if (hands != null) {
      hands.close();
    }
  }

  private Path ini(String text) throws IOException {
    var file = Files.createDirectories(folder.resolve("app 100%")).resolve("alembic.ini");
    Files.writeString(file, text);
    return file;
  }

  private String output(Path ini, List<String> command, Map<String, String> environment)
      throws IOException {
    shared.request(1, new HandsRequest(command, environment, ini.toString(), null, URLS));
    var answer = await().atMost(PATIENCE).until(() -> shared.answer(1), Optional::isPresent);
    assertThat(answer.orElseThrow().exitCode()).as(answer.orElseThrow().output()).isZero();
    return answer.orElseThrow().output();
  }

  @Test
  void an_env_py_that_reads_only_the_ini_finds_the_database_there() throws IOException {
    var ini =
        ini(
            """
            [alembic]
            script_location = %(here)s/migrations
            prepend_sys_path = .
            file_template = %%(rev)s
            sqlalchemy.url = postgresql+asyncpg://nobody@nowhere/%%20
            [loggers]
            keys = root
            """);

    var said = output(ini, TestHands.python(READER), Map.of());

    assertThat(said)
        .contains(
            "'script_location': '" + ini.getParent() + "/migrations'",
            "'sqlalchemy.url': 'postgresql+asyncpg://app:p%25w@db/x'",
            "'file_template': '%(rev)s'",
            "'prepend_sys_path': '.'")
        .endsWith("600\n");
    assertThat(Files.readString(ini)).contains("nobody@nowhere");
  }

  @Test
  void a_plain_url_stays_plain() throws IOException {
    var ini = ini("[alembic]\nsqlalchemy.url = postgresql://localhost/x\n");

    assertThat(output(ini, TestHands.python(READER), Map.of()))
        .contains("'sqlalchemy.url': 'postgresql://app:p%25w@db/x'");
  }

  @Test
  void a_driver_that_we_know_no_url_for_is_left_alone() throws IOException {
    var ini = ini("[alembic]\nsqlalchemy.url = postgresql+pg8000://localhost/x\n");

    assertThat(output(ini, TestHands.python(READER), Map.of()))
        .contains("'sqlalchemy.url': 'postgresql+pg8000://localhost/x'");
  }

  @Test
  void where_the_ini_says_nothing_of_use_an_installed_driver_decides() throws IOException {
    var driver = Files.createDirectories(folder.resolve("drivers/psycopg")).resolve("__init__.py");
    Files.createFile(driver);
    close();
    hands =
        TestHands.start(
            folder,
            List.of(
                "-S",
                "-c",
                "import sys; sys.path[:0] = ['%s', '%s']; import hands; hands.Hands().serve()"
                    .formatted(folder, folder.resolve("drivers"))));
    var ini = ini("[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n");

    assertThat(output(ini, TestHands.python(READER), Map.of()))
        .contains("'sqlalchemy.url': 'postgresql+psycopg://app:p%25w@db/x'");
  }

  @Test
  void a_section_of_another_name_is_the_one_that_is_set() throws IOException {
    var ini =
        ini("[alembic]\nx = 1\n[songs]\nsqlalchemy.url = postgresql+psycopg2://localhost/x\n");
    var command = new ArrayList<>(TestHands.python(READER));
    command.addAll(List.of("--name", "songs"));

    assertThat(output(ini, command, Map.of("SECTION", "songs")))
        .contains("'sqlalchemy.url': 'postgresql+psycopg2://app:p%25w@db/x'");
  }

  @Test
  void alembics_that_read_no_variable_are_told_by_an_option() throws IOException {
    var ini = ini("[alembic]\n");
    var alembic = folder.resolve("alembic");
    Files.writeString(alembic, "#!/bin/sh\necho \"$@\"\n");
    assertThat(alembic.toFile().setExecutable(true)).isTrue();

    assertThat(output(ini, List.of(alembic.toString(), "upgrade", "a1"), Map.of()))
        .matches("-c \\S+/alembic-\\S+\\.ini upgrade a1\n");
  }

  @Test
  void an_option_that_names_the_ini_names_the_copy_instead() throws IOException {
    var ini = ini("[alembic]\n");
    var command = new ArrayList<>(TestHands.python(READER));
    command.addAll(List.of("-c", ini.toString(), "upgrade", "a1"));

    assertThat(output(ini, command, Map.of()))
        .matches("(?s)\\['-c', '\\S+/alembic-\\S+\\.ini', 'upgrade', 'a1'].*");
  }

  @Test
  void where_alembic_is_missing_that_is_said_with_the_place() throws IOException {
    var ini = ini("[alembic]\n");

    var ended = inspect(List.of("-S"), ini.toString());

    assertThat(ended.outcome()).isEqualTo(Outcome.ALEMBIC_NOT_CONFIGURED);
    assertThat(ended.message()).contains("python3 has no Alembic: No module named 'alembic'");
  }

  @Test
  void where_the_ini_is_missing_that_is_said_with_the_place() throws IOException {
    var ended = inspect(List.of(), folder.resolve("no.ini").toString());

    assertThat(ended.outcome()).isEqualTo(Outcome.ALEMBIC_NOT_CONFIGURED);
    assertThat(ended.message()).isEqualTo("there is no " + folder.resolve("no.ini"));
    assertThat(ended.started()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  }

  private Report inspect(List<String> options, String config) {
    var arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-c", HandsScript.TEXT, "inspect", config));
    try (var inspection = TestHands.start(folder, arguments)) {
      assertThat(inspection.exitCode()).isEqualTo(Outcome.ALEMBIC_NOT_CONFIGURED.exitCode());
      return Report.parse(inspection.report()).orElseThrow();
    }
  }

  @Test
  void a_graph_is_framed_as_the_operator_reads_it() {
    var program =
        """
        import sys; sys.path.insert(0, '%s'); import hands
        revisions = [{"id": "b2", "down": ["a1"], "dependsOn": [], "labels": [], "message": "ünï", "digest": "sha256:b"},
                     {"id": "a1", "down": [], "dependsOn": [], "labels": ["main"], "message": "", "digest": "sha256:a"}]
        hands.print_frame("tunetrail-revisions", {"revisions": hands.in_order(revisions), "scripts": "sha256:s", "environment": "sha256:e"})
        """
            .formatted(folder);
    try (var printing = TestHands.start(folder, List.of("-c", program))) {
      assertThat(printing.exitCode()).as(printing.log()).isZero();

      var graph = (RevisionGraph) Holds.REVISIONS.told(printing.log()).orElseThrow();
      assertThat(graph.revisions())
          .extracting(RevisionGraph.Revision::id)
          .containsExactly("a1", "b2");
      assertThat(graph.revisions().getLast().message()).isEqualTo("ünï");
      assertThat(graph.scripts()).isEqualTo("sha256:s");
    }
  }
}
