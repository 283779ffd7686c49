package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.BackupFirst;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.Failed;
import io.tunetrail.operator.api.BackupStatus.NotVerified;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.BackupStatus.Verified;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.BackupGate.Open;
import io.tunetrail.operator.lifecycle.BackupGate.Standing;
import io.tunetrail.operator.lifecycle.BackupGate.Waiting;
import io.tunetrail.operator.lifecycle.BackupGate.Wanted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All at noon UTC of Friday, 1 May 2026. */
class BackupGateTest {
  private static final BackupStatus NONE = BackupStatus.NONE;

  @Test
  void where_nobody_asks_for_a_backup_nothing_waits_for_one() {
    var given = given();
    given.backupFirst = BackupFirst.NEVER;
    assertThat(gate(given, null, new Standing(NONE, null, null))).isEqualTo(new Open(null));
  }

  @Test
  void without_a_backup_one_is_made_and_the_migration_says_so() {
    var gate = gate(given(), null, new Standing(NONE, null, null));
    assertThat(((Wanted) gate).verdict().reason()).isEqualTo(Reason.WAITING_FOR_BACKUP);
    assertThat(((Wanted) gate).suffix()).matches("[0-9a-f]{10}");
  }

  @Test
  void a_database_without_tables_has_nothing_to_lose() {
    var given = given();
    given.tables = 0;
    assertThat(gate(given, null, new Standing(NONE, null, null))).isEqualTo(new Open(null));
  }

  @Test
  void community_waits_for_its_backup_as_the_others_do() {
    var given = given();
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll("sha256:other");
    assertThat(gate(given, null, new Standing(NONE, null, null))).isInstanceOf(Wanted.class);
  }

  @Test
  void a_backup_of_now_opens_the_gate_and_is_named() {
    assertOpens("2026-05-01T11:30:00Z", null);
    assertOpens("2026-05-01T11:30:00Z", worked("Done", "2026-05-01T11:29:59Z"));
  }

  @Test
  void one_from_before_the_last_migration_does_not() {
    assertWanted("2026-05-01T11:30:00Z", worked("Done", "2026-05-01T11:30:01Z"));
  }

  @Test
  void a_migration_that_failed_takes_no_new_one_for_the_backup_before_it_is_what_is_wanted() {
    assertOpens("2026-05-01T11:30:00Z", worked("SqlFailed", "2026-05-01T11:30:01Z"));
  }

  @Test
  void one_of_more_than_an_hour_ago_does_not() {
    assertWanted("2026-05-01T11:00:00Z", null);
    assertOpens("2026-05-01T11:00:01Z", null);
  }

  @Test
  void one_that_is_being_made_is_waited_for() {
    var gate = gate(given(), null, new Standing(NONE, "karaoke-backup-1", null));
    assertThat(((Waiting) gate).verdict())
        .isEqualTo(
            new Verdict(
                Reason.WAITING_FOR_BACKUP, "Job karaoke-backup-1 makes a backup before it"));
  }

  @Test
  void one_that_failed_is_made_again_by_another_job_after_a_while() {
    var first = (Wanted) gate(given(), null, new Standing(NONE, null, null));
    var waiting = (Waiting) gate(given(), null, failed("2026-05-01T11:59:59Z"));
    assertThat(waiting.verdict().reason()).isEqualTo(Reason.BACKUP_FIRST_FAILED);
    assertThat(waiting.verdict().detail()).contains("BackupStorageFailed", "no room");

    var second = (Wanted) gate(given(), null, failed("2026-05-01T11:59:58Z"));
    assertThat(second.verdict()).isEqualTo(waiting.verdict());
    assertThat(second.suffix()).isNotEqualTo(first.suffix());
  }

  @Test
  void where_it_must_be_verified_the_verification_is_waited_for() {
    assertThat(verdict(verified(null, null)).detail()).contains("karaoke-1 is being verified");
    assertThat(verdict(verified(it("karaoke-0"), null)).reason())
        .isEqualTo(Reason.WAITING_FOR_BACKUP);
    assertThat(asked(verified(it("karaoke-1"), null))).isEqualTo(new Open("karaoke-1"));
  }

  @Test
  void a_verification_that_failed_is_named_until_another_backup_is_tried() {
    var gate = verified(null, failure("2026-05-01T11:40:00Z"));
    assertThat(verdict(gate).reason()).isEqualTo(Reason.BACKUP_FIRST_FAILED);
    assertThat(verdict(gate).detail()).contains("karaoke-1", "BackupDamaged", "a flipped bit");
    assertThat(asked(verified(null, failure("2026-05-01T11:00:00Z")))).isInstanceOf(Wanted.class);
  }

  private static Verified it(String name) {
    return new Verified(name, "2026-05-01T11:40:00Z", "1m", 3, 100);
  }

  private static NotVerified failure(String time) {
    return new NotVerified("karaoke-1", "job", time, "BackupDamaged", "a flipped bit");
  }

  private static Standing verified(@Nullable Verified verified, @Nullable NotVerified failure) {
    var standing = succeeded("2026-05-01T10:00:00Z");
    return new Standing(standing.status().withVerifications(verified, failure), null, null);
  }

  private static BackupGate asked(Standing standing) {
    var given = given();
    given.backupFirst = BackupFirst.VERIFIED;
    return gate(given, null, standing);
  }

  private static Verdict verdict(Standing standing) {
    return ((Waiting) asked(standing)).verdict();
  }

  @Test
  void what_keeps_all_backups_from_being_made_is_named() {
    var obstacle = new Verdict(Reason.INVALID_SCHEDULE, "30 February never comes");
    var gate = gate(given(), null, new Standing(NONE, null, obstacle));
    assertThat(((Waiting) gate).verdict().detail()).contains("30 February never comes");
  }

  @Test
  void a_plan_is_not_kept_waiting() {
    var given = given();
    var start = requireNonNull(given.plan().start());
    var planning =
        new Work(start.method(), Task.PLAN, start.inputs(), 1, start.scriptsDigest(), "1", "3");
    var gate =
        BackupGate.of(
            given.desired(), given.observed(), planning, null, new Standing(NONE, null, null));
    assertThat(gate).isEqualTo(new Open(null));
  }

  private static Case given() {
    var given = new Case();
    given.backupFirst = BackupFirst.COMPLETE;
    return given;
  }

  private static BackupGate gate(Case given, @Nullable LastMigration last, Standing standing) {
    var start = requireNonNull(given.plan().start());
    return BackupGate.of(given.desired(), given.observed(), start, last, standing);
  }

  private static void assertOpens(String made, @Nullable LastMigration last) {
    assertThat(gate(given(), last, succeeded(made))).isEqualTo(new Open("karaoke-1"));
  }

  private static void assertWanted(String made, @Nullable LastMigration last) {
    assertThat(gate(given(), last, succeeded(made))).isInstanceOf(Wanted.class);
  }

  private static Standing succeeded(String time) {
    var success =
        new Successful("karaoke-1", time, "3 MB", "1s", "backups/karaoke-1.dump", "1", null);
    return standing(success, null, 0);
  }

  private static Standing failed(String time) {
    return standing(null, new Failed("job", time, "BackupStorageFailed", "no room"), 1);
  }

  private static Standing standing(
      @Nullable Successful success, @Nullable Failed failure, int failures) {
    return new Standing(
        new BackupStatus("cron", success, failure, failures, null, 0, null, null, null, null, null),
        null,
        null);
  }

  private static LastMigration worked(String outcome, String finished) {
    return new LastMigration(
        "job", outcome, "0", "1", null, finished, null, null, "migrate", null, null, null, null);
  }
}
