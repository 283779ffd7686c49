package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static final String PLAN =
      """
      {"format": 1, "digest": "sha256:d", "from": "2", "target": "4", "method": "flyway", "later": {},
       "statements": [
         {"script": "V3__users.sql", "version": "3", "sql": "CREATE TABLE users (id int)", "transactional": true},
         {"script": "V3__users.sql", "version": "3", "sql": "ALTER TABLE users ADD name text;\\n", "transactional": true},
         {"script": "V4__index.sql", "version": "4", "sql": "CREATE INDEX CONCURRENTLY ON users (name)", "transactional": false}],
       "analysis": {"linter": "squawk 2", "remarks": ["there was no scratch database"], "destructive": true, "warnings": 2, "statements": [
         {"locks": [], "rewrites": [], "tables": [], "findings": []},
         {"locks": [{"mode": "ACCESS EXCLUSIVE", "table": "public.users"}], "rewrites": ["public.users"], "findings": [
           {"rule": "adding-field", "level": "Warning", "message": "locks users\\nfor long", "saferWay": "add it nullable"}]},
         {"findings": [{"rule": "ban", "level": "Destructive", "message": "it is gone"}, {"rule": "mind", "message": "mind it"}]}]}}
      """;

  @Test
  void the_sql_comes_as_it_runs_and_then_what_is_to_be_known_of_it() throws CommandFailure {
    assertThat(new PlanText(PlanDocument.parse(PLAN), Style.PLAIN).text())
        .isEqualTo(
            """
            -- V3__users.sql
            CREATE TABLE users (id int);
            ALTER TABLE users ADD name text;
            --   locks: ACCESS EXCLUSIVE on public.users
            --   rewrites: public.users
            --   warning: locks users
            --     for long (adding-field)
            --     safer: add it nullable
            -- V4__index.sql, outside a transaction
            CREATE INDEX CONCURRENTLY ON users (name);
            --   destructive: it is gone (ban)
            --   note: mind it (mind)
            -- there was no scratch database
            """);
  }

  @Test
  void a_plan_without_an_analysis_is_its_sql() throws CommandFailure {
    var plan = PlanDocument.parse("{\"statements\": [], \"analysis\": null}");
    assertThat(new PlanText(plan, Style.PLAIN).text()).isEqualTo("the plan holds no statement\n");
  }

  @Test
  void what_is_no_plan_is_not_guessed_at() {
    assertThatThrownBy(() -> PlanDocument.parse("[]"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("the plan is not in a form that this program knows");
  }
}
