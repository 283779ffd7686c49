package io.tunetrail.operator.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.lifecycle.RollbackBackup;
import io.tunetrail.operator.lifecycle.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollbackRestoreTest {
  private static final Path GOLDEN = Path.of("src/test/resources/restore/rollback-restore.yaml");
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final String WHY = "the target is 2, the database is at 3";
  private static final String FIELDS =
      """
      backup: {schedule: '0 3 * * *', storage: {persistentVolumeClaim: {claimName: backups}}}
        targetVersion: '2'
        migration: {rollback: Restore, restoreAdmin: {secretRef: {name: admin}, role: dba}}
      """;

  private static RollbackRestore of(String backup, String work) {
    return new RollbackRestore(TestRestores.database(FIELDS), new RollbackBackup(backup, work));
  }

  private static RollbackRestore songs() {
    return of("songs-20261127T030000Z", "songs-migrate-1");
  }

  /** {@code -Dgolden=write} writes it; read the difference before committing it. */
  @Test
  void it_names_the_backup_and_has_no_approval() throws IOException {
    var yaml = Serialization.asYaml(songs().resource());
    if ("write".equals(System.getProperty("golden"))) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, yaml);
    }
    assertThat(GOLDEN).hasContent(yaml);
    assertThat(songs().resource().getSpec().approval()).isNull();
  }

  @Test
  void it_is_one_for_each_backup_and_work_that_it_takes_back() {
    assertThat(songs().name()).matches("songs-rollback-[0-9a-f]{10}");
    assertThat(of("songs-2", "songs-migrate-1").name()).isNotEqualTo(songs().name());
    assertThat(of("songs-20261127T030000Z", "songs-migrate-2").name()).isNotEqualTo(songs().name());
  }

  @Test
  void the_database_says_how_it_stands() {
    assertSays(null, Reason.ROLLBACK_AWAITS_RESTORE, WHY);
    assertSays(status(RestorePhase.AWAITING_APPROVAL, null), Reason.ROLLBACK_AWAITS_RESTORE, WHY);
    assertSays(status(RestorePhase.WAITING, null), Reason.ROLLBACK_AWAITS_RESTORE, "what it says");
    assertSays(status(RestorePhase.RESTORING, null), Reason.RESTORING, "songs-20261127T030000Z");
    assertSays(status(RestorePhase.FAILED, null), Reason.ROLLBACK_FAILED, "what it says");
  }

  @Test
  void one_that_is_done_is_believed_until_the_database_must_have_been_seen() {
    assertSays(status(RestorePhase.RESTORED, "2026-11-27T09:59:30Z"), Reason.RESTORING, "");
    assertSays(status(RestorePhase.RESTORED, "2026-11-27T09:58:30Z"), Reason.ROLLBACK_FAILED, WHY);
  }

  @Test
  void it_is_wanted_while_the_database_asks_for_it_and_is_not_there() {
    var database = songs().database();
    var made = Instant.parse("2026-11-27T08:59:00Z");
    assertThat(RollbackRestore.targetOf(database, made)).isEqualTo("2");
    database.setStatus(ready(2L));
    assertThat(RollbackRestore.targetOf(database, made)).as("of another target").isEqualTo("2");
    database.setStatus(ready(3L));
    assertThat(RollbackRestore.targetOf(database, NOW)).as("an older word").isEqualTo("2");
    assertThat(RollbackRestore.targetOf(database, made)).as("it is there").isNull();
    assertThat(RollbackRestore.targetOf(TestRestores.backedUp(), made)).as("nobody asks").isNull();
  }

  private static void assertSays(
      @Nullable TuneTrailRestoreStatus status, Reason reason, String words) {
    Verdict verdict = songs().verdict(status, WHY, NOW);
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.detail()).contains(words, songs().name());
  }

  private static TuneTrailRestoreStatus status(RestorePhase phase, @Nullable String finished) {
    return Serialization.unmarshal(
        """
        observedGeneration: 1
        phase: %s
        finished: %s
        conditions: [{type: Ready, status: "False", reason: Word, message: what it says}]
        """
            .formatted(phase, finished == null ? "null" : '"' + finished + '"'),
        TuneTrailRestoreStatus.class);
  }

  private static TuneTrailDatabaseStatus ready(long generation) {
    return Serialization.unmarshal(
        """
        observedGeneration: %d
        conditions:
        - {type: Ready, status: "True", reason: Word, lastTransitionTime: "2026-11-27T09:00:00Z"}
        """
            .formatted(generation),
        TuneTrailDatabaseStatus.class);
  }
}
