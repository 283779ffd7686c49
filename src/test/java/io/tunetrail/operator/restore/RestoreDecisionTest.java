package io.tunetrail.operator.restore;

import static io.tunetrail.operator.restore.TestRestores.AFRESH;
import static io.tunetrail.operator.restore.TestRestores.IN_PLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.restore.ObservedRestore.Closed;
import io.tunetrail.operator.restore.ObservedRestore.Database;
import io.tunetrail.operator.restore.ObservedRestore.Found;
import io.tunetrail.operator.restore.ObservedRestore.Missing;
import io.tunetrail.operator.restore.ObservedRestore.Open;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a restore begins, as a table. */
class RestoreDecisionTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final String APPROVED =
      IN_PLACE + ", approval: {backup: songs-1, approvedBy: ada}";

  private static final Database LIVE =
      new Found(DesiredBackup.from(TestRestores.backedUp()), "songs-9", new Open("songs"), null);

  private Database database = LIVE;
  private List<String> others = List.of();
  private boolean approversKnown;

  private RestorePlan plan(String spec, ObservedJob... own) {
    return RestoreDecision.plan(
        DesiredRestore.from(TestRestores.restore(spec)),
        new ObservedRestore(NOW, database, List.of(own), others, approversKnown));
  }

  private static void assertThatIt(RestorePlan plan, RestorePhase phase, Reason reason) {
    assertThat(plan.phase()).isEqualTo(phase);
    assertThat(plan.verdict().reason()).isEqualTo(reason);
  }

  private static ObservedJob job(int attempt, ObservedJob.State state) {
    return new ObservedJob("songs-restore-" + attempt, Task.RESTORE, "i", attempt, null, state);
  }

  private static ObservedJob ended(int attempt, Outcome outcome, int secondsAgo) {
    return job(
        attempt, new Ended(outcome, NOW.minusSeconds(secondsAgo), outcome + " happened", null));
  }

  private static ObservedJob done(@Nullable String previousDatabase) {
    var restore = new RestoreReport("songs-1", "songs", null, previousDatabase, 3, 42, List.of());
    var report = new Report(Outcome.DONE, null, null, 0, null, null, null, null, null, restore);
    return job(1, new Ended(Outcome.DONE, NOW, null, report));
  }

  @Test
  void it_waits_for_its_database_and_for_the_place_of_the_backups() {
    database = new Missing();
    assertThatIt(plan(AFRESH), RestorePhase.WAITING, Reason.DATABASE_RESOURCE_MISSING);
    database = new Found(new DesiredBackup.None(), null, new Open("songs"), null);
    assertThatIt(plan(AFRESH), RestorePhase.WAITING, Reason.BACKUP_NOT_CONFIGURED);
    database = new Found(new DesiredBackup.Invalid("30 February"), null, new Open("songs"), null);
    assertThatIt(plan(AFRESH), RestorePhase.WAITING, Reason.INVALID_SCHEDULE);
  }

  @Test
  void it_waits_for_secrets_that_are_missing() {
    var missing = new Verdict(Reason.SECRET_MISSING, "there is no Secret admin");
    database =
        new Found(DesiredBackup.from(TestRestores.backedUp()), null, new Closed(missing), null);
    var plan = plan(APPROVED);
    assertThatIt(plan, RestorePhase.WAITING, Reason.SECRET_MISSING);
    assertThat(plan.start()).isNull();
  }

  @Test
  void a_new_database_needs_no_approval() {
    var plan = plan(AFRESH);
    assertThatIt(plan, RestorePhase.RESTORING, Reason.RESTORING);
    assertThat(plan.start()).isEqualTo(1);
    assertThat(plan.verdict().detail()).contains("into database songs_back");
  }

  @Test
  void the_live_database_is_no_new_one() {
    var plan = plan(AFRESH.replace("songs_back", "songs"));
    assertThatIt(plan, RestorePhase.FAILED, Reason.INVALID_RESTORE);
    assertThat(plan.start()).isNull();
  }

  @Test
  void in_place_nothing_begins_before_the_backup_is_approved_by_its_name() {
    var plan = plan(IN_PLACE);
    assertThatIt(plan, RestorePhase.AWAITING_APPROVAL, Reason.AWAITING_APPROVAL);
    assertThat(plan.start()).isNull();
    assertThat(plan.verdict().detail()).contains("backup songs-1", "database songs");

    var latest = plan(IN_PLACE.replace("{name: songs-1}", "{latest: Any}"));
    assertThatIt(latest, RestorePhase.AWAITING_APPROVAL, Reason.AWAITING_APPROVAL);
    assertThat(latest.verdict().detail()).contains("approval.backup", "songs-9");
  }

  @Test
  void an_approved_one_begins_and_tells_who_approved_it() {
    var plan = plan(APPROVED);
    assertThat(plan.start()).isEqualTo(1);
    assertThat(plan.verdict().detail()).endsWith("in place, approved by ada (unverified)");
    approversKnown = true;
    assertThat(plan(APPROVED).verdict().detail()).endsWith("in place, approved by ada");
  }

  @Test
  void it_waits_for_whoever_changes_the_database() {
    others = List.of("songs-migrate-1");
    var plan = plan(APPROVED);
    assertThatIt(plan, RestorePhase.WAITING, Reason.WAITING_FOR_MIGRATION);
    assertThat(plan.verdict().detail()).contains("songs-migrate-1");
    assertThat(plan.start()).isNull();
  }

  @Test
  void while_its_job_is_there_nothing_else_counts() {
    database = new Missing();
    others = List.of("songs-migrate-1");
    assertThatIt(plan(IN_PLACE, job(1, new Running())), RestorePhase.RESTORING, Reason.RESTORING);
    var blocked = new Blocked(Reason.IMAGE_PULL_FAILED, "no such image", 3L);
    assertThatIt(plan(APPROVED, job(1, blocked)), RestorePhase.RESTORING, Reason.IMAGE_PULL_FAILED);
  }

  @Test
  void what_is_done_is_done_and_tells_what_it_made() {
    database = new Missing();
    var plan = plan(APPROVED, done("songs_before"));
    assertThatIt(plan, RestorePhase.RESTORED, Reason.RESTORED);
    assertThat(plan.start()).isNull();
    assertThat(plan.verdict().detail())
        .isEqualTo("backup songs-1 is database songs; the one before is kept as songs_before");
    assertThat(plan(AFRESH, done(null)).verdict().detail())
        .isEqualTo("backup songs-1 is database songs");
    assertThatIt(plan(AFRESH, ended(1, Outcome.DONE, 0)), RestorePhase.RESTORED, Reason.RESTORED);
  }

  @Test
  void what_may_heal_is_tried_again_after_a_while() {
    var early = plan(APPROVED, ended(1, Outcome.UNREACHABLE, 1));
    assertThatIt(early, RestorePhase.RESTORING, Reason.DATABASE_UNREACHABLE);
    assertThat(early.start()).isNull();
    assertThat(early.lookAgain()).isEqualTo(Duration.ofSeconds(1));

    var due = plan(APPROVED, ended(1, Outcome.UNREACHABLE, 2));
    assertThat(due.start()).isEqualTo(2);
    assertThat(due.verdict().reason()).isEqualTo(Reason.DATABASE_UNREACHABLE);
    assertThatIt(
        plan(APPROVED, ended(1, Outcome.UNREACHABLE, 2), job(2, new Running())),
        RestorePhase.RESTORING,
        Reason.DATABASE_UNREACHABLE);
  }

  @Test
  void an_approval_that_is_taken_away_stops_trying() {
    assertThatIt(
        plan(IN_PLACE, ended(1, Outcome.UNREACHABLE, 60)),
        RestorePhase.AWAITING_APPROVAL,
        Reason.AWAITING_APPROVAL);
  }

  @Test
  void one_that_the_operator_made_is_withdrawn_when_the_database_is_no_longer_to_go_back() {
    for (var other : List.of(goingBackTo(null), goingBackTo("3"))) {
      database = other;
      for (var spec : List.of(IN_PLACE, APPROVED)) {
        var plan = rollbackTo2(spec);
        assertThatIt(plan, RestorePhase.FAILED, Reason.RESTORE_WITHDRAWN);
        assertThat(plan.start()).isNull();
        assertThat(plan.verdict().detail()).contains("songs is no longer to go back to 2");
      }
    }
  }

  @Test
  void while_the_database_is_to_go_back_it_waits_for_its_approval_as_any_other() {
    database = goingBackTo("2");
    assertThatIt(rollbackTo2(IN_PLACE), RestorePhase.AWAITING_APPROVAL, Reason.AWAITING_APPROVAL);
    assertThat(rollbackTo2(APPROVED).start()).isEqualTo(1);
  }

  @Test
  void what_has_begun_is_withdrawn_no_more_for_its_job_may_have_done_it() {
    database = goingBackTo(null);
    assertThatIt(
        rollbackTo2(APPROVED, done("songs_before")), RestorePhase.RESTORED, Reason.RESTORED);
    assertThat(rollbackTo2(APPROVED, ended(1, Outcome.UNREACHABLE, 2)).start()).isEqualTo(2);
  }

  private static Database goingBackTo(@Nullable String target) {
    return new Found(
        DesiredBackup.from(TestRestores.backedUp()), "songs-9", new Open("songs"), target);
  }

  private RestorePlan rollbackTo2(String spec, ObservedJob... own) {
    var restore = TestRestores.restore(spec);
    restore.getMetadata().setAnnotations(Map.of(JobLabels.ROLLBACK_TO, "2"));
    return RestoreDecision.plan(
        DesiredRestore.from(restore),
        new ObservedRestore(NOW, database, List.of(own), others, approversKnown));
  }

  @Test
  void fault_37_what_does_not_heal_is_given_up() {
    for (var outcome :
        List.of(Outcome.RESTORE_FAILED, Outcome.NO_SUCH_BACKUP, Outcome.DEADLINE_EXCEEDED)) {
      var plan = plan(APPROVED, ended(1, Outcome.LOST, 90), ended(2, outcome, 90));
      assertThat(plan.phase()).as(outcome.toString()).isEqualTo(RestorePhase.FAILED);
      assertThat(plan.verdict().reason().kind()).isEqualTo(Reason.Kind.STALLED);
      assertThat(plan.start()).isNull();
    }
  }
}
