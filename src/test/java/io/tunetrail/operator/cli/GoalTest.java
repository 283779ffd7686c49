package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.cli.Goal.Judgement;
import org.junit.jupiter.api.Test;

class GoalTest {
  private static final Database READY =
      Databases.karaoke(
          "migrationVersion: '4'", "True", "UpToDate", "the database is at version 4");
  private static final Database WAITS =
      Databases.karaoke("migrationVersion: '2'", "False", "AwaitingApproval", "2 would run");
  private static final Database STALLED =
      Databases.of(
          "staging", "migrationVersion: '2'", "False", "MigrationFailed", "syntax error", "");
  private static final Database WORKS =
      Databases.of("staging", "migrationVersion: '2'", "False", "Migrating", "", "");

  @Test
  void ready_is_reached_by_the_operator_s_word_on_the_newest_spec() {
    var goal = Goal.parse("ready");
    assertThat(goal.judge(READY)).isEqualTo(new Judgement.Reached("the database is at version 4"));
    assertThat(goal.judge(WORKS)).isEqualTo(new Judgement.Waiting("Migrating: "));
    assertThat(goal.judge(STALLED))
        .isEqualTo(new Judgement.Stuck(ExitCode.STALLED, "MigrationFailed: syntax error"));
    assertThat(goal.judge(olderThanItsSpec())).isInstanceOf(Judgement.Waiting.class);
  }

  @Test
  void an_approval_may_come_from_elsewhere_but_not_to_whoever_migrates() {
    assertThat(new Goal.Ready(true).judge(WAITS)).isInstanceOf(Judgement.Waiting.class);
    assertThat(new Goal.Ready(false).judge(WAITS))
        .isEqualTo(new Judgement.Stuck(ExitCode.AWAITS_APPROVAL, "AwaitingApproval: 2 would run"));
  }

  @Test
  void a_version_is_reached_however_it_is_written() {
    assertThat(Goal.parse("version=4.0").judge(READY)).isInstanceOf(Judgement.Reached.class);
    assertThat(Goal.parse("version=5").judge(READY)).isInstanceOf(Judgement.Stuck.class);
    assertThat(Goal.parse("version=4").judge(WORKS)).isInstanceOf(Judgement.Waiting.class);
  }

  @Test
  void who_waits_to_approve_is_told_when_there_is_nothing() {
    assertThat(Goal.parse("approval").judge(WAITS)).isInstanceOf(Judgement.Reached.class);
    assertThat(Goal.parse("approval").judge(WORKS)).isInstanceOf(Judgement.Waiting.class);
    assertThat(Goal.parse("approval").judge(READY))
        .isEqualTo(
            new Judgement.Stuck(
                ExitCode.STALLED, "nothing waits for an approval: the database is at version 4"));
  }

  @Test
  void a_plan_is_there_once_its_own_request_is_answered() {
    var goal = new Goal.Answer("at noon");
    assertThat(goal.judge(STALLED)).isInstanceOf(Judgement.Waiting.class);
    assertThat(goal.judge(answered("at eleven"))).isInstanceOf(Judgement.Waiting.class);
    assertThat(goal.judge(answered("at noon"))).isEqualTo(new Judgement.Reached("NothingPending"));
  }

  private static Database answered(String request) {
    return Databases.karaoke(
        "planRequest: {request: %s, outcome: NothingPending}".formatted(request),
        "True",
        "UpToDate",
        "");
  }

  @Test
  void another_goal_is_not_understood() {
    assertThatThrownBy(() -> Goal.parse("version="))
        .hasMessage("version= is none of ready, approval and version=VERSION");
  }

  private static Database olderThanItsSpec() {
    return Databases.karaoke("observedGeneration: 1", "True", "UpToDate", "");
  }
}
