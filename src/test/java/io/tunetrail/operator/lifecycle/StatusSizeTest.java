package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.status.StatusFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
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
    var status = status(manyWithLongNames().production());

    assertThat(status.pendingCount()).isEqualTo(1_999);
    assertThat(status.pending()).hasSize(TuneTrailDatabaseStatus.PENDING_SHOWN);
    assertThat(bytes(status)).isLessThan(MOST_BYTES);
  }

  @Test
  void fault_57_a_long_failure_beside_them_fits_too() throws JsonProcessingException {
    var row = manyWithLongNames().production().approve("2000");
    var work = Objects.requireNonNull(row.plan().start());
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

    assertThat(Objects.requireNonNull(status.lastMigration()).outcome())
        .isEqualTo("MigrationFailed");
    assertThat(bytes(status)).isLessThan(MOST_BYTES);
  }
}
