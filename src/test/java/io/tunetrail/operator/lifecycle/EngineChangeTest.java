package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Databases whose history another engine keeps. */
class EngineChangeTest {
  private static final RevisionGraph LINE =
      new RevisionGraph(
          List.of(
              new Revision("a1", List.of(), List.of(), List.of(), "a", "sha256:a"),
              new Revision("b2", List.of("a1"), List.of(), List.of(), "b", "sha256:b")),
          Case.SCRIPTS,
          "sha256:env");

  @Test
  void another_engines_history_is_refused_with_the_statement_that_gives_it_up() {
    var given = AdoptionTest.tables();
    given.foreignHistories = List.of(history("public.alembic_version"));
    assertThat(reason(given)).isEqualTo(Reason.ENGINE_CHANGED);
    assertThat(requireNonNull(given.plan().verdict()).message())
        .contains(
            "history is in public.alembic_version, and not in flyway_schema_history;",
            "ALTER TABLE public.alembic_version RENAME TO retired;",
            "migration.adopt: Baseline");
  }

  @Test
  void another_engines_history_is_refused_though_the_database_is_to_be_adopted() {
    var given = AdoptionTest.tables();
    given.baselineVersion = "2";
    given.foreignHistories = List.of(history("public.alembic_version"));
    assertThat(reason(given)).isEqualTo(Reason.ENGINE_CHANGED);
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void another_engines_history_is_refused_beside_one_of_our_own_that_may_be_stale() {
    var given = new Case();
    given.foreignHistories = List.of(history("public.alembic_version"));
    assertThat(reason(given)).isEqualTo(Reason.ENGINE_CHANGED);
    assertThat(requireNonNull(given.plan().verdict()).detail())
        .contains("in public.alembic_version, and a second one in flyway_schema_history;");
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void alembic_refuses_flyways_history_in_the_same_cases() {
    for (var revisions : List.of(new String[] {}, new String[] {"a1"})) {
      var given = new Case().alembic(LINE, revisions);
      given.schema = new SchemaState.Alembic(revisions.length > 0, true, List.of(revisions));
      given.baselineVersion = "a1";
      given.foreignHistories = List.of(history("public.flyway_schema_history"));
      assertThat(reason(given)).isEqualTo(Reason.ENGINE_CHANGED);
      assertThat(given.plan().start()).isNull();
    }
  }

  @Test
  void another_engines_history_without_rows_is_given_up() {
    var given = AdoptionTest.tables();
    given.baselineVersion = "2";
    given.foreignHistories = List.of(new ForeignHistory("public.alembic_version", null));
    assertThat(reason(given)).isEqualTo(Reason.ADOPTING);
    given.baselineVersion = null;
    assertThat(reason(given)).isEqualTo(Reason.TABLES_WITHOUT_HISTORY);
  }

  private static ForeignHistory history(String table) {
    return new ForeignHistory(table, "ALTER TABLE %s RENAME TO retired".formatted(table));
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }
}
