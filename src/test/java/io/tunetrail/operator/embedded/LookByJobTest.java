package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.migration.JobLabels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** connection.look: Job, with PostgreSQL noting who comes. */
class LookByJobTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY);";
  private static final String USERS = "CREATE TABLE users (id int PRIMARY KEY);";

  /** A trigger of each login, which is PostgreSQL's own word for who came. */
  private static final String GUEST_BOOK =
      """
      CREATE SCHEMA guests;
      CREATE TABLE guests.book (application text);
      CREATE FUNCTION guests.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN INSERT INTO guests.book VALUES (current_setting('application_name')); END $$;
      CREATE EVENT TRIGGER note ON login EXECUTE FUNCTION guests.note();
      """;

  @TempDir static Path folder = Path.of("");
  private static EmbeddedPlatform platform;

  @BeforeAll
  static void start() {
    platform = EmbeddedPlatform.withOperator(folder);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void production_is_migrated_and_the_operator_never_connects() {
    database("apart", "production", Map.of("V1__songs.sql", SONGS));
    var waiting = status(platform.awaitReason("apart", Reason.AWAITING_APPROVAL, LIMIT));
    approve("apart", requireNonNull(waiting.plan()).digest());
    var ready = status(platform.awaitReason("apart", Reason.UP_TO_DATE, LIMIT));
    assertThat(ready.migrationVersion()).isEqualTo("1");
    assertThat(requireNonNull(ready.lastMigration()).approvedBy()).isEqualTo("ada");
    assertThat(guests("apart"))
        .isNotEmpty()
        .allMatch(it -> requireNonNull(it).startsWith("tunetrail/apart-"));
    await().atMost(LIMIT).until(() -> jobs("apart", "look").size() == 1);
    assertThat(jobs("apart", "migrate")).hasSize(1);
  }

  @Test
  void a_changed_script_is_looked_at_before_it_is_decided_on() {
    database("refreshed", "staging", Map.of("V1__songs.sql", SONGS));
    platform.awaitReason("refreshed", Reason.UP_TO_DATE, LIMIT);
    platform.applyScripts("refreshed", Map.of("V1__songs.sql", SONGS, "V2__users.sql", USERS));
    platform.await(
        "refreshed", LIMIT, "at version 2", it -> "2".equals(status(it).migrationVersion()));
    await().atMost(LIMIT).until(() -> jobs("refreshed", "look").size() == 1);
    assertThat(jobs("refreshed", "migrate")).hasSize(2);
  }

  @Test
  void a_restarted_operator_takes_over_what_was_seen() {
    database("restarted", "staging", Map.of("V1__songs.sql", SONGS));
    platform.awaitReason("restarted", Reason.UP_TO_DATE, LIMIT);
    await().atMost(LIMIT).until(() -> jobs("restarted", "look").size() == 1);
    var seen = jobs("restarted", "look");
    long before = looksStarted("restarted");

    platform.startOperator();
    change("restarted", "{\"migration\": {\"lockTimeout\": \"9s\"}}");
    await().atMost(LIMIT).until(() -> !jobs("restarted", "look").equals(seen));
    platform.awaitReason("restarted", Reason.UP_TO_DATE, LIMIT);
    assertThat(looksStarted("restarted")).as("only the change is looked at").isEqualTo(before + 1);
    assertThat(jobs("restarted", "migrate")).hasSize(1);
  }

  @Test
  void a_password_that_is_wrong_is_told_and_heals() {
    database("refused", "staging", Map.of("V1__songs.sql", SONGS));
    platform.awaitReason("refused", Reason.UP_TO_DATE, LIMIT);
    platform.applyConnection("refused", "refused", "refused", "another");
    change("refused", "{\"migration\": {\"lockTimeout\": \"9s\"}}");
    platform.await(
        "refused",
        LIMIT,
        "refused",
        it ->
            EmbeddedPlatform.ready(it)
                .filter(ready -> ready.reason().equals(Reason.AUTHENTICATION_FAILED.toString()))
                .isPresent());
    platform.applyConnection("refused", "refused", "refused", "secret");
    platform.awaitReason("refused", Reason.UP_TO_DATE, LIMIT);
  }

  private static void database(String name, String environment, Map<String, String> files) {
    platform.newDatabase(name, name, name, "secret");
    platform.postgres().execute(name, GUEST_BOOK);
    platform.applyScripts(name, files);
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s}
        spec:
          edition: commercial
          environment: %2$s
          connection:
            look: Job
            secretRef: {name: %1$s}
            caRef: {configMap: {name: %3$s, key: ca.crt}}
          schema: {flyway: {configMaps: [{name: %1$s}]}}
        """
            .formatted(name, environment, EmbeddedPlatform.AUTHORITY));
  }

  private static void approve(String name, String digest) {
    change(
        name,
        "{\"approval\": {\"version\": \"1\", \"digest\": \"%s\", \"approvedBy\": \"ada\"}}"
            .formatted(digest));
  }

  private static void change(String name, String spec) {
    platform
        .client()
        .resources(TuneTrailDatabase.class)
        .withName(name)
        .patch("{\"spec\": %s}".formatted(spec));
  }

  private static List<String> jobs(String name, String task) {
    return platform.jobs(name).stream()
        .map(HasMetadata::getMetadata)
        .filter(it -> task.equals(it.getLabels().get(JobLabels.TASK)))
        .map(it -> it.getName())
        .toList();
  }

  private static long looksStarted(String name) {
    return platform.api().writes().stream()
        .filter(it -> it.path().endsWith("/jobs") && it.body().contains(name + "-look-"))
        .count();
  }

  private static TuneTrailDatabaseStatus status(TuneTrailDatabase resource) {
    return requireNonNull(resource.getStatus());
  }

  /** Without the superuser, who reads it. */
  private static List<@Nullable String> guests(String database) {
    return platform
        .postgres()
        .query(database, "SELECT application FROM guests.book WHERE application LIKE 'tunetrail%'");
  }
}
