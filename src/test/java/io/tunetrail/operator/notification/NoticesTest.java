package io.tunetrail.operator.notification;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.cloudevents.jackson.JsonFormat;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private static final String DONE =
      """
      migrationVersion: "4"
      lastMigration: {job: songs-migrate-1, task: migrate, outcome: Done, from: "3", to: "4", finished: "2026-05-01T11:59:00Z"}
      """;

  private static final String WAITING =
      """
      pendingCount: 2
      pendingDigest: sha256:pending
      conditions:
        - {type: Approved, status: "False", reason: AwaitingApproval, message: approve it, lastTransitionTime: "2026-05-01T12:00:00Z"}
      """;

  private static TuneTrailDatabase resource(@Nullable String status) {
    var resource =
        read(
            """
            metadata: {name: songs, namespace: music, uid: uid-of-songs, generation: 3, creationTimestamp: "2026-05-01T10:00:00Z"}
            spec:
              edition: commercial
              environment: production
              connection: {secretRef: {name: songs-db}}
              schema: {flyway: {configMaps: [{name: songs}]}}
            """,
            TuneTrailDatabase.class);
    resource.setStatus(status == null ? null : status(status));
    return resource;
  }

  private static TuneTrailDatabaseStatus status(String yaml) {
    return read(yaml, TuneTrailDatabaseStatus.class);
  }

  private static <T> T read(String yaml, Class<T> type) {
    try {
      return YAML.readValue(yaml, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  private static List<Notice> notices(@Nullable String before, String next) {
    return Notices.of(resource(before), status(next), NOW);
  }

  private static List<String> types(@Nullable String before, String next) {
    return notices(before, next).stream().map(Notice::type).toList();
  }

  @Test
  void a_migration_is_told_of_when_it_begins_and_when_it_ends() {
    var working =
        """
        conditions:
          - {type: Ready, status: "False", reason: Migrating, message: to 4, lastTransitionTime: "2026-05-01T11:58:00Z"}
        """;
    assertThat(types(null, working)).containsExactly(Notices.MIGRATION_STARTED);
    assertThat(types(working, working + "tableCount: 3\n")).isEmpty();
    assertThat(types(working, DONE)).containsExactly(Notices.MIGRATION_SUCCEEDED);
    assertThat(types(DONE, DONE + "tableCount: 3\n")).isEmpty();
    assertThat(types(DONE, DONE.replace("Done", "SqlFailed").replace("e-1", "e-2")))
        .containsExactly(Notices.MIGRATION_FAILED);
  }

  @Test
  void what_was_before_the_resource_is_no_news_of_it() {
    assertThat(types(null, DONE.replace("11:59", "09:59"))).isEmpty();
  }

  @Test
  void an_approval_is_asked_for_once_for_each_thing_to_approve() {
    assertThat(types(null, WAITING)).containsExactly(Notices.APPROVAL_WANTED);
    assertThat(types(WAITING, WAITING + "tableCount: 3\n")).isEmpty();
    assertThat(types(WAITING, WAITING.replace("AwaitingApproval", "ApprovalStale"))).isEmpty();
    assertThat(types(WAITING, WAITING.replace("sha256:pending", "sha256:other")))
        .containsExactly(Notices.APPROVAL_WANTED);
    assertThat(types(WAITING, DONE)).containsExactly(Notices.MIGRATION_SUCCEEDED);
  }

  @Test
  void while_the_plan_is_made_nothing_is_asked_for() {
    assertThat(types(null, WAITING.replace("AwaitingApproval", "Planning"))).isEmpty();
  }

  @Test
  void backups_are_told_of_however_they_end() {
    var none = "backup: {failuresSince: 0, missedRuns: 0}\n";
    var all =
        """
        backup:
          lastSuccessful: {name: b, time: "2026-05-01T11:00:00Z", size: 3 MB, duration: 1s, location: c/b.dump}
          lastFailure: {job: j, time: "2026-05-01T11:10:00Z", reason: BackupFailed, message: m}
          lastVerified: {name: b, time: "2026-05-01T11:20:00Z", duration: 9s, tables: 3, rows: 100}
          lastVerificationFailure: {name: b, job: k, time: "2026-05-01T11:30:00Z", reason: BackupDamaged, message: m}
          failuresSince: 1
          missedRuns: 1
          lastMissed: "2026-05-01T11:40:00Z"
        """;
    assertThat(types(none, all))
        .containsExactly(
            Notices.BACKUP_SUCCEEDED,
            Notices.BACKUP_FAILED,
            Notices.BACKUP_VERIFIED,
            Notices.BACKUP_NOT_VERIFIED,
            Notices.BACKUP_MISSED);
    assertThat(types(all, all + "tableCount: 3\n")).isEmpty();
  }

  @Test
  void drift_is_told_of_when_it_is_found_grows_and_goes() {
    var drifted =
        """
        drift: {fingerprint: "sha256:then", count: 1, added: ["table public.own"]}
        conditions:
          - {type: Drifted, status: "True", reason: SchemaDrifted, message: m, lastTransitionTime: "2026-05-01T11:58:00Z"}
        """;
    var gone =
        """
        conditions:
          - {type: Drifted, status: "False", reason: AsRecorded, message: m, lastTransitionTime: "2026-05-01T11:59:00Z"}
        """;
    assertThat(types(gone, drifted)).containsExactly(Notices.DRIFT_FOUND);
    assertThat(types(drifted, drifted + "tableCount: 3\n")).isEmpty();
    assertThat(types(drifted, drifted.replace("public.own", "public.more")))
        .containsExactly(Notices.DRIFT_FOUND);
    assertThat(types(drifted, gone)).containsExactly(Notices.DRIFT_GONE);
  }

  @Test
  void the_same_has_the_same_id_and_nothing_else_has_it() {
    var first = notices(null, DONE).getFirst();
    assertThat(notices("tableCount: 1", DONE).getFirst().id()).isEqualTo(first.id());
    assertThat(notices(null, DONE.replace("e-1", "e-2")).getFirst().id()).isNotEqualTo(first.id());
  }

  @Test
  void it_is_a_cloud_event_as_their_own_library_reads_it() throws IOException {
    var notice = notices(null, DONE).getFirst();
    var event = new JsonFormat().deserialize(notice.json().getBytes(StandardCharsets.UTF_8));

    assertThat(event.getSpecVersion().toString()).isEqualTo("1.0");
    assertThat(event.getId()).isEqualTo(notice.id()).matches("[0-9a-f]{64}");
    assertThat(event.getType()).isEqualTo("io.tunetrail.migration.succeeded");
    assertThat(event.getSource())
        .isEqualTo(
            URI.create("/apis/tunetrail.io/v1alpha1/namespaces/music/tunetraildatabases/songs"));
    assertThat(event.getSubject()).isEqualTo("music/songs");
    assertThat(event.getTime())
        .isEqualTo(Instant.parse("2026-05-01T11:59:00Z").atOffset(ZoneOffset.UTC));
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    JsonNode data = new ObjectMapper().readTree(requireNonNull(event.getData()).toBytes());
    assertThat(data.path("job").asText()).isEqualTo("songs-migrate-1");
    assertThat(data.path("environment").asText()).isEqualTo("production");
    assertThat(data.path("to").asText()).isEqualTo("4");
  }
}
