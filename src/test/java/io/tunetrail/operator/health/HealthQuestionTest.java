package io.tunetrail.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.LookBy;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.health.Access.Decision;
import io.tunetrail.operator.health.HealthQuestion.Answer;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.WriteAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthQuestionTest {
  private static final Instant LOOKED = Instant.parse("2026-05-01T12:00:00Z");
  private static final String PATH = "/health/databases/music/songs";

  private final LastLooks looks = new LastLooks();
  private Instant now = LOOKED.plusSeconds(12);
  private boolean leads = true;
  private Optional<Instant> otherLed = Optional.empty();
  private final HealthQuestion question =
      new HealthQuestion(
          (token, _, _) -> Decision.valueOf(token), looks, () -> leads, () -> otherLed, () -> now);

  private static TuneTrailDatabase songs(LookBy look) {
    return read(
        """
        metadata: {name: songs, namespace: music, uid: uid-of-songs}
        spec:
          edition: commercial
          environment: staging
          connection: {secretRef: {name: songs-db}, look: %s}
          schema: {flyway: {configMaps: [{name: songs}]}}
        status:
          initializationMethod: flyway
          migrationVersion: "4"
          targetVersion: "5"
          pendingCount: 1
          conditions:
            - {type: Ready, status: "False", reason: AwaitingApproval, message: m, lastTransitionTime: "2026-05-01T11:00:00Z"}
        """
            .formatted(look),
        TuneTrailDatabase.class);
  }

  private static <T> T read(String yaml, Class<T> type) {
    try {
      return new ObjectMapper(new YAMLFactory()).readValue(yaml, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  private static Look.Seen seen(int tables, WriteAccess access) {
    return new Look.Seen(
        new DatabaseFacts(
            "identity",
            "server",
            180004,
            access == WriteAccess.IN_RECOVERY,
            false,
            8_123_456,
            tables,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            true,
            null,
            new SchemaState.CreateAll(null),
            SchemaDrift.not(SchemaDrift.State.UNRECORDED),
            List.of(),
            DatabaseFacts.Activity.UNKNOWN,
            access));
  }

  private Answer asked(TuneTrailDatabase resource) {
    question.answerFor(
        (namespace, name) ->
            Optional.of(resource)
                .filter(it -> it.getMetadata().getNamespace().equals(namespace))
                .filter(it -> it.getMetadata().getName().equals(name)));
    return question.answer("GET", PATH, "Bearer ALLOWED");
  }

  private Answer after(Look look) {
    var songs = songs(LookBy.OPERATOR);
    looks.note(songs, look, LOOKED);
    return asked(songs);
  }

  private static JsonNode json(Answer answer) {
    try {
      return new ObjectMapper().readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  @Test
  void a_database_that_can_be_used_is_healthy_whatever_waits_for_an_approval() {
    var answer = after(seen(23, WriteAccess.WRITABLE));
    assertThat(answer)
        .isEqualTo(
            new Answer(
                200,
                """
                {"status":"healthy","namespace":"music","name":"songs","connection":"ok","tables":"ok",\
                "writeAccess":"ok","edition":"commercial","environment":"staging",\
                "initializationMethod":"flyway","migrationVersion":"4","targetVersion":"5",\
                "tableCount":23,"pendingCount":1,"schema":"AwaitingApproval",\
                "lookedAt":"2026-05-01T12:00:00Z","lookAgeSeconds":12}
                """));
  }

  @ParameterizedTest
  @EnumSource(value = WriteAccess.class, mode = EnumSource.Mode.EXCLUDE, names = "WRITABLE")
  void one_that_can_not_be_written_to_is_not(WriteAccess access) {
    var answer = after(seen(23, access));
    assertThat(answer.code()).isEqualTo(503);
    assertThat(json(answer).path("connection").asText()).isEqualTo("ok");
    assertThat(json(answer).path("writeAccess").asText()).isEqualTo("failed");
    assertThat(json(answer).path("message").asText()).isEqualTo(access.words());
  }

  @Test
  void one_without_tables_is_not() {
    var answer = after(seen(0, WriteAccess.WRITABLE));
    assertThat(answer.code()).isEqualTo(503);
    assertThat(json(answer).path("tables").asText()).isEqualTo("failed");
  }

  @Test
  void one_that_did_not_answer_says_why_and_nothing_of_what_was_before() {
    after(seen(23, WriteAccess.WRITABLE));
    var answer = after(new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused"));
    assertThat(answer.code()).isEqualTo(503);
    assertThat(json(answer).path("connection").asText()).isEqualTo("failed");
    assertThat(json(answer).path("writeAccess").asText()).isEqualTo("unknown");
    assertThat(json(answer).path("message").asText())
        .startsWith("refused. Check that the server runs");
    assertThat(json(answer).has("tableCount")).isFalse();
  }

  @Test
  void where_the_database_was_not_asked_nothing_is_known_of_it() {
    var answer = after(new Look.Unseen(Reason.CONFIG_MAP_MISSING, "ConfigMap songs is missing"));
    assertThat(answer.code()).isEqualTo(503);
    assertThat(json(answer).path("connection").asText()).isEqualTo("unknown");
    assertThat(json(answer).path("message").asText()).startsWith("ConfigMap songs is missing.");
  }

  @Test
  void nothing_is_known_before_the_first_look_and_long_after_the_last() {
    assertThat(json(asked(songs(LookBy.OPERATOR))).path("message").asText())
        .contains("this operator has not looked");
    now = LOOKED.plus(Duration.ofMinutes(4));
    var late = after(seen(23, WriteAccess.WRITABLE));
    assertThat(late.code()).isEqualTo(503);
    assertThat(json(late).path("status").asText()).isEqualTo("unknown");
    assertThat(json(late).path("lookAgeSeconds").asInt()).isEqualTo(240);
    assertThat(asked(songs(LookBy.JOB)).code()).as("Jobs look less often").isEqualTo(200);
  }

  /** As another operator wrote it. */
  private static TuneTrailDatabase written(
      @Nullable String reachable, @Nullable Integer tables, @Nullable String writeAccess) {
    var status =
        """
        migrationVersion: "4"
        tableCount: %s
        writeAccess: %s
        conditions:
          - {type: %s, status: "%s", reason: Why, message: its words, lastTransitionTime: "2026-05-01T11:00:00Z"}
        """
            .formatted(
                tables,
                writeAccess,
                reachable == null ? "Other" : "DatabaseReachable",
                reachable == null ? "True" : reachable);
    var songs = songs(LookBy.OPERATOR);
    songs.setStatus(read(status, TuneTrailDatabaseStatus.class));
    return songs;
  }

  @Test
  void an_operator_that_waits_to_lead_answers_by_what_the_one_that_leads_wrote() {
    leads = false;
    otherLed = Optional.of(now);
    var answer = asked(written("True", 23, "Writable"));
    assertThat(answer.code()).isEqualTo(200);
    assertThat(json(answer).path("status").asText()).isEqualTo("healthy");
    assertThat(json(answer).path("tableCount").asInt()).isEqualTo(23);
    assertThat(json(answer).path("migrationVersion").asText()).isEqualTo("4");
    assertThat(json(answer).has("lookedAt")).as("which it does not know").isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "True, 0, Writable, unhealthy, ok, ok, the database has no tables",
        "True, 23, ReadOnly, unhealthy, ok, failed, default_transaction_read_only is on",
        "True, 23, OfALaterVersion, unhealthy, ok, failed, nobody looked",
        "True, 23, -, unknown, unknown, unknown, does not say yet",
        "True, -, Writable, unknown, unknown, unknown, does not say yet",
        "False, 23, Writable, unhealthy, failed, unknown, its words",
        "Unknown, 23, Writable, unknown, unknown, unknown, its words",
        "-, 23, Writable, unknown, unknown, unknown, nobody has looked",
      })
  void what_is_wrong_or_not_known_it_says_as_well(
      @Nullable String reachable,
      @Nullable Integer tables,
      @Nullable String writeAccess,
      String status,
      String connection,
      String write,
      String message) {
    leads = false;
    otherLed = Optional.of(now);
    var answer = asked(written(reachable, tables, writeAccess));
    assertThat(answer.code()).isEqualTo(503);
    assertThat(json(answer).path("status").asText()).isEqualTo(status);
    assertThat(json(answer).path("connection").asText()).isEqualTo(connection);
    assertThat(json(answer).path("writeAccess").asText()).isEqualTo(write);
    assertThat(json(answer).path("message").asText()).contains(message);
  }

  @Test
  void a_status_counts_no_longer_than_a_look_once_nobody_leads() {
    leads = false;
    assertThat(asked(written("True", 23, "Writable")).code()).isEqualTo(503);
    otherLed = Optional.of(now.minus(Duration.ofMinutes(4)));
    assertThat(asked(written("True", 23, "Writable")).code()).isEqualTo(503);
    otherLed = Optional.of(now.minus(Duration.ofMinutes(2)));
    assertThat(asked(written("True", 23, "Writable")).code()).isEqualTo(200);
  }

  @Test
  void who_has_only_begun_to_lead_goes_by_the_status_until_it_has_looked() {
    otherLed = Optional.of(now.minusSeconds(10));
    var songs = written("True", 23, "Writable");
    assertThat(asked(songs).code()).isEqualTo(200);
    looks.note(songs, seen(23, WriteAccess.READ_ONLY), LOOKED);
    assertThat(asked(songs).code()).as("its own look is later").isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAUTHENTICATED, 401",
    "FORBIDDEN, 403",
    "UNDECIDED, 503",
  })
  void who_may_not_read_the_resource_is_told_nothing_not_even_whether_it_exists(
      String token, int code) {
    asked(songs(LookBy.OPERATOR));
    var there = question.answer("GET", PATH, "Bearer " + token);
    var gone = question.answer("GET", PATH + "-gone", "Bearer " + token);
    assertThat(there.code()).isEqualTo(code);
    assertThat(there).isEqualTo(gone);
    assertThat(there.body()).doesNotContain("music");
  }

  @Test
  void a_resource_that_is_not_there_is_named_to_who_may_ask() {
    asked(songs(LookBy.OPERATOR));
    assertThat(question.answer("GET", PATH + "-gone", "Bearer ALLOWED").code()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "GET, /health/databases/music/songs, -, 401",
        "GET, /health/databases/music/songs, Basic abc, 401",
        "POST, /health/databases/music/songs, Bearer ALLOWED, 405",
        "GET, /health/databases/music, Bearer ALLOWED, 404",
        "GET, /health/databases/music/songs/more, Bearer ALLOWED, 404",
        "GET, /health/databases/../songs, Bearer ALLOWED, 404",
      })
  void what_is_no_question_is_refused(String method, String path, String authorization, int code) {
    asked(songs(LookBy.OPERATOR));
    assertThat(question.answer(method, path, authorization).code()).isEqualTo(code);
  }
}
