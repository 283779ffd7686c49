package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseNewsTest {
  private static final TuneTrailDatabase BEFORE = database(1, "1", Map.of());

  private static TuneTrailDatabase database(
      long generation, String resourceVersion, Map<String, String> annotations) {
    var database = new TuneTrailDatabase();
    database.setMetadata(
        new ObjectMetaBuilder()
            .withName("songs")
            .withGeneration(generation)
            .withResourceVersion(resourceVersion)
            .withAnnotations(annotations)
            .build());
    return database;
  }

  private static boolean isNews(TuneTrailDatabase now) {
    return new DatabaseNews().accept(now, BEFORE);
  }

  @Test
  void another_spec_a_deletion_and_a_request_for_a_plan_are_news() {
    assertThat(isNews(database(2, "2", Map.of()))).isTrue();
    assertThat(isNews(database(1, "2", Map.of(PlanRequestStatus.ANNOTATION, "now")))).isTrue();
    var deleted = database(1, "2", Map.of());
    deleted.getMetadata().setDeletionTimestamp("2026-05-01T12:00:00Z");
    assertThat(isNews(deleted)).isTrue();
  }

  @Test
  void a_status_and_other_annotations_are_none() {
    assertThat(isNews(database(1, "2", Map.of()))).isFalse();
    assertThat(isNews(database(1, "2", Map.of("example.org/note", "seen")))).isFalse();
  }
}
