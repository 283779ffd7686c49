package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.backup.BackupWord;
import io.tunetrail.operator.backup.Verifications;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.status.BackupCondition;
import io.tunetrail.operator.status.StatusFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A status is read by people, and kept in etcd once for every change. */
class StatusSizeTest {
  private static final int MOST_BYTES = 8 * 1024;

  private static Case manyWithLongNames() {
    var row = new Case();
    row.schema =
        Case.flyway(
            "1",
            IntStream.rangeClosed(1, 2_000)
                .mapToObj(it -> migration(it, it == 1 ? State.APPLIED : State.PENDING))
                .toArray(Migration[]::new));
    return row;
  }

  private static Migration migration(int version, State state) {
    var description = "änderung ".repeat(25);
    var script = "V%d__%s.sql".formatted(version, description);
    return new Migration("" + version, description, script, Digest.of(script), null, state);
  }

  /** Ten works, each approved by digest, and more drift than is named. */
  private static Case remembered(Case row) {
    row.history =
        IntStream.range(0, DatabaseFacts.REMEMBERED)
            .mapToObj(
                it ->
                    new LastMigration(
                        "karaoke-" + "x".repeat(35) + "-migrate-0123456789-" + it,
                        "StatementTimeout",
                        "1" + it,
                        "2" + it,
                        "2026-05-01T11:00:00.123456Z",
                        "2026-05-01T12:00:01Z",
                        null,
                        "somebody.with-a-long-name@platform.example.org",
                        "migrate",
                        Digest.of("" + it),
                        null,
                        "another.with-a-long-name@platform.example.org",
                        null))
            .toList();
    var names =
        IntStream.range(0, SchemaDrift.NAMED)
            .mapToObj(it -> "table public.%s: column %d".formatted("ü".repeat(60), it))
            .toList();
    row.drift =
        new SchemaDrift(
            SchemaDrift.State.COMPARED,
            Digest.of("now"),
            Digest.of("then"),
            "2026-05-01T11:00:00Z",
            names,
            List.of(),
            List.of(),
            99);
    row.invalidIndexes =
        IntStream.range(0, 20).mapToObj(it -> "public." + "i".repeat(60) + it).toList();
    return row;
  }

  private static int bytes(TuneTrailDatabaseStatus status) throws JsonProcessingException {
    return JsonMapper.builder()
        .build()
        .writeValueAsString(status)
        .getBytes(StandardCharsets.UTF_8)
        .length;
  }

  private static TuneTrailDatabaseStatus status(Case row) {
    return StatusFactory.next(null, 1, row.desired(), row.observed(), row.plan());
  }

  @Test
  void fault_57_2000_pending_migrations_fit_in_8_kib_of_status() throws JsonProcessingException {
    var status = status(remembered(manyWithLongNames()).production());

    assertThat(status.pendingCount()).isEqualTo(1_999);
    assertThat(status.pending()).hasSize(TuneTrailDatabaseStatus.PENDING_SHOWN);
    assertThat(requireNonNull(status.history())).isNotEmpty();
    assertThat(bytes(status)).isLessThan(MOST_BYTES);
  }

  /** With long names, and words as long as they may be. */
  private static BackupStatus backups() {
    var name = "k".repeat(200) + "-20260501T030500Z";
    var time = "2026-05-01T03:06:00Z";
    var words = Verdict.shortened("ключ нарушает ограничение ".repeat(100));
    var half = Verdict.shortened(words, Verifications.LONGEST_MESSAGE);
    return new BackupStatus(
        "k".repeat(45) + "-backup",
        new BackupStatus.Successful(
            name, time, "2.9 MB", "50s", "c".repeat(63) + "/" + name + ".dump", "2000", 1L << 42),
        new BackupStatus.Failed("k".repeat(63), time, "BackupStorageFailed", words),
        0,
        time,
        1_000,
        time,
        "5 3 * * * America/Argentina/ComodRivadavia",
        time,
        new BackupStatus.Verified(name, "2026-05-01T03:05:00Z", "50s", 5_000, 1L << 40),
        new BackupStatus.NotVerified(name, "k".repeat(63), time, "VerificationFailed", half));
  }

  @Test
  void fault_57_how_backups_stand_fits_too() throws JsonProcessingException {
    var row = remembered(manyWithLongNames()).production();
    row.invalidIndexes = List.of();
    row.drift = SchemaDrift.not(SchemaDrift.State.UNREAD);
    var backups = backups();
    var word =
        new BackupWord(backups, true, new Verdict(Reason.BACKED_UP, "there"))
            .with(new Verifications("uid", "", List.of(), Case.NOW), false);
    var before = BackupCondition.in(status(row), null, 1, Optional.of(word), Case.NOW);
    var status =
        BackupCondition.in(
            StatusFactory.next(before, 1, row.desired(), row.observed(), row.plan()),
            before,
            1,
            Optional.of(word),
            Case.NOW);

    assertThat(word.verdict().reason()).isEqualTo(Reason.VERIFICATION_FAILED);
    assertThat(bytes(status)).isLessThan(MOST_BYTES);
  }

  @Test
  void ten_works_are_told_where_there_is_room() {
    var row = remembered(new Case());
    row.invalidIndexes = List.of();

    assertThat(requireNonNull(status(row).history())).hasSize(DatabaseFacts.REMEMBERED);
  }

  @Test
  void fault_57_a_long_failure_beside_them_fits_too() throws JsonProcessingException {
    var row = remembered(manyWithLongNames()).production().approve("2000");
    row.blocksOnDrift = false;
    var work = requireNonNull(row.plan().start());
    var words = "ключ нарушает ограничение уникальности ".repeat(100);
    var report = new Report(Outcome.SQL_FAILED, "1", "1", 0, words, null, null);
    row.jobs.add(
        new ObservedJob(
            work.jobName("karaoke"),
            work.task(),
            work.inputs(),
            work.attempt(),
            "ada",
            new Ended(Outcome.SQL_FAILED, Case.NOW.minus(Duration.ofMinutes(1)), words, report)));

    var status = status(row);

    assertThat(requireNonNull(status.lastMigration()).outcome()).isEqualTo("MigrationFailed");
    assertThat(bytes(status)).isLessThan(MOST_BYTES);
  }
}
