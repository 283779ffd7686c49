package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollbackBackupTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String WORKS =
      """
      lastMigration: {job: j3, outcome: MigrationFailed, from: "3", to: "4", backup: b-3}
      history:
        - {job: j3, outcome: MigrationFailed, from: "3", to: "4", backup: b-3}
        - {job: j2b, outcome: Done, from: "2", to: "3", backup: b-2b}
        - {job: j2a, outcome: MigrationFailed, from: "2", backup: b-2a}
        - {job: j1, outcome: Done, from: "1.0", to: "2", backup: b-1}
        - {job: j0, outcome: Done, to: "1", backup: b-0}
      """;

  private static @Nullable RollbackBackup backup(String works, @Nullable String target) {
    try {
      var status = YAML.readValue(works, TuneTrailDatabaseStatus.class);
      return RollbackBackup.of(new Case().desired(), target, status).orElse(null);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(works, e);
    }
  }

  @Test
  void it_is_that_of_the_last_work_that_left_the_version() {
    assertThat(backup(WORKS, "3")).isEqualTo(new RollbackBackup("b-3", "j3"));
    assertThat(backup(WORKS, "2")).isEqualTo(new RollbackBackup("b-2b", "j2b"));
    assertThat(backup(WORKS, "1")).isEqualTo(new RollbackBackup("b-1", "j1"));
  }

  /** One of three scripts came in, and the other two were gone on with within the hour. */
  @Test
  void one_that_served_two_works_shows_what_the_first_of_them_met() {
    var works =
        """
        lastMigration: {job: second, outcome: Done, from: "3", to: "5", backup: b}
        history:
          - {job: second, outcome: Done, from: "3", to: "5", backup: b}
          - {job: first, outcome: MigrationFailed, from: "2", to: "3", backup: b}
        """;
    assertThat(backup(works, "2")).isEqualTo(new RollbackBackup("b", "first"));
    assertThat(backup(works, "3")).isNull();
  }

  @Test
  void there_is_none_of_a_version_that_no_work_left_nor_of_before_the_first() {
    assertThat(backup(WORKS, "5")).isNull();
    assertThat(backup(WORKS, null)).isNull();
    assertThat(RollbackBackup.of(new Case().desired(), "1", null)).isEmpty();
    assertThat(backup("lastMigration: {job: j, outcome: Done, from: '1', to: '2'}", "1")).isNull();
  }
}
