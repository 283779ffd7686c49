package io.tunetrail.operator.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.restore.TestRestores;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoreNoticesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private static final String WAITING = "phase: AwaitingApproval\nconditions: []";

  private static final String BEGUN =
      """
      phase: Restoring
      job: back-restore-1
      conditions:
        - {type: Ready, status: "False", reason: Restoring, message: songs-1 comes back, lastTransitionTime: "2026-05-01T11:00:00Z"}
      """;

  private static final String AGAIN =
      BEGUN + "result: DatabaseUnreachable\nfinished: \"2026-05-01T11:10:00Z\"\nmessage: refused";

  private static final String DONE =
      """
      phase: Restored
      backup: songs-1
      database: songs
      safetyBackup: songs-2
      previousDatabase: songs_before
      tables: 3
      rows: 100
      job: back-restore-2
      result: Done
      finished: "2026-05-01T11:20:00Z"
      """;

  private static TuneTrailRestoreStatus status(String yaml) {
    try {
      return YAML.readValue(yaml, TuneTrailRestoreStatus.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  private static List<Notice> notices(@Nullable String before, String next) {
    var restore = TestRestores.restore(TestRestores.IN_PLACE);
    restore.setStatus(before == null ? null : status(before));
    return RestoreNotices.of(restore, status(next), NOW);
  }

  private static List<String> types(@Nullable String before, String next) {
    return notices(before, next).stream().map(Notice::type).toList();
  }

  @Test
  void a_restore_is_told_of_when_it_begins_and_when_it_ends() {
    assertThat(types(null, BEGUN)).containsExactly(RestoreNotices.RESTORE_STARTED);
    assertThat(types(BEGUN, BEGUN + "observedGeneration: 2")).isEmpty();
    assertThat(types(BEGUN, DONE)).containsExactly(RestoreNotices.RESTORE_SUCCEEDED);
    assertThat(types(DONE, DONE + "observedGeneration: 2")).isEmpty();
  }

  @Test
  void what_is_tried_again_and_fails_as_before_is_told_of_once() {
    assertThat(types(BEGUN, AGAIN)).containsExactly(RestoreNotices.RESTORE_FAILED);
    assertThat(types(AGAIN, AGAIN.replace("restore-1", "restore-2"))).isEmpty();
    assertThat(types(AGAIN, AGAIN.replace("DatabaseUnreachable", "ConnectionLost")))
        .containsExactly(RestoreNotices.RESTORE_FAILED);
  }

  @Test
  void what_is_given_up_is_told_of_also_where_it_failed_so_before_or_no_job_was_made() {
    var given = AGAIN.replace("phase: Restoring", "phase: Failed");
    assertThat(types(AGAIN, given)).containsExactly(RestoreNotices.RESTORE_FAILED);
    assertThat(notices(AGAIN, given).getFirst().id())
        .isNotEqualTo(notices(BEGUN, AGAIN).getFirst().id());
    assertThat(types(null, "phase: Failed")).containsExactly(RestoreNotices.RESTORE_FAILED);
    assertThat(types(given, given + "\nobservedGeneration: 2")).isEmpty();
  }

  @Test
  void an_approval_is_asked_for_once() {
    assertThat(types(null, WAITING)).containsExactly(Notices.APPROVAL_WANTED);
    assertThat(types(WAITING, WAITING + "\nobservedGeneration: 2")).isEmpty();
    assertThat(types(WAITING, BEGUN)).containsExactly(RestoreNotices.RESTORE_STARTED);
  }

  @Test
  void it_tells_what_came_back_where_and_what_became_of_what_was_there() {
    var notice = notices(BEGUN, DONE).getFirst();
    assertThat(notice.source())
        .isEqualTo("/apis/tunetrail.io/v1alpha1/namespaces/music/tunetrailrestores/back");
    assertThat(notice.subject()).isEqualTo("music/back");
    assertThat(notice.time()).isEqualTo(Instant.parse("2026-05-01T11:20:00Z"));
    assertThat(notice.data())
        .containsEntry("database", "songs")
        .containsEntry("inPlace", true)
        .containsEntry("phase", "Restored")
        .containsEntry("backup", "songs-1")
        .containsEntry("safetyBackup", "songs-2")
        .containsEntry("previousDatabase", "songs_before")
        .containsEntry("rows", 100L);
  }
}
