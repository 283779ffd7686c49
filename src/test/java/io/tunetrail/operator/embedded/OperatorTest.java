package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tunetrail.operator.api.PendingMigration;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.status.Conditions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real operator and the real runner on real PostgreSQL; only the API server is a mock. */
class OperatorTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";
  private static final String USERS = "CREATE TABLE users (id int PRIMARY KEY);";

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
  void a_new_script_in_a_watched_config_map_is_migrated_by_itself() {
    database("follows", "staging", "latest", Map.of("V1__songs.sql", SONGS));
    assertThat(status(platform.awaitReason("follows", Reason.UP_TO_DATE, LIMIT)).migrationVersion())
        .isEqualTo("1");

    platform.applyScripts("follows", Map.of("V1__songs.sql", SONGS, "V2__users.sql", USERS));
    var ready =
        platform.await(
            "follows",
            LIMIT,
            "ready at version 2",
            it ->
                "2".equals(status(it).migrationVersion())
                    && EmbeddedPlatform.has(it, Reason.UP_TO_DATE));
    assertThat(status(ready).tableCount()).isEqualTo(2).isEqualTo(tables("follows"));
    assertThat(requireNonNull(status(ready).lastMigration()).from()).isEqualTo("1");
  }

  @Test
  void production_waits_until_exactly_this_content_is_approved() {
    database("gated", "production", "2", Map.of("V1__songs.sql", SONGS, "V2__users.sql", USERS));
    var waiting = status(platform.awaitReason("gated", Reason.AWAITING_APPROVAL, LIMIT));
    assertThat(waiting.pending())
        .containsExactly(new PendingMigration("1", "songs"), new PendingMigration("2", "users"));
    var plan = requireNonNull(waiting.plan());
    assertThat(plan.statements()).isEqualTo(2);
    assertThat(planOf(plan)).contains(SONGS.replace(";", ""), USERS.replace(";", ""));
    assertThat(tables("gated")).isZero();
    assertThat(platform.jobs("gated")).isEmpty();

    approve("gated", "2", "sha256:" + "0".repeat(64));
    platform.awaitReason("gated", Reason.APPROVAL_STALE, LIMIT);
    approve("gated", "2", plan.digest());
    var ready = status(platform.awaitReason("gated", Reason.UP_TO_DATE, LIMIT));
    assertThat(tables("gated")).isEqualTo(2);
    assertThat(requireNonNull(ready.approval()).spent()).isTrue();
    assertThat(requireNonNull(ready.lastMigration()).approvedBy()).isEqualTo("ada");
    assertThat(ready.plan()).isNull();
    assertThat(configMaps(plan)).isEmpty();
  }

  @Test
  void a_plan_is_made_when_an_annotation_asks_for_it() {
    database("asked", "production", "latest", Map.of("V1__songs.sql", SONGS));
    awaitPlan("asked");
    patch("asked", "{\"spec\": {\"migration\": {\"approval\": \"Version\"}}}");
    platform.await(
        "asked",
        LIMIT,
        "by version alone, without a plan",
        it ->
            Objects.equals(status(it).observedGeneration(), it.getMetadata().getGeneration())
                && ready(it).contains("would run")
                && status(it).plan() == null);

    patch(
        "asked",
        "{\"metadata\": {\"annotations\": {\"%s\": \"at noon\"}}}"
            .formatted(PlanRequestStatus.ANNOTATION));
    var answered =
        status(platform.await("asked", LIMIT, "answered", it -> status(it).planRequest() != null));
    assertThat(answered.planRequest())
        .isEqualTo(new PlanRequestStatus("at noon", PlanRequestStatus.Outcome.PLANNED, null));
    assertThat(planOf(requireNonNull(answered.plan()))).contains(SONGS.replace(";", ""));
    assertThat(tables("asked")).isZero();
  }

  @Test
  void fault_44_an_edit_after_the_approval_voids_it_and_nothing_of_it_runs() {
    database("edited", "production", "latest", Map.of("V1__songs.sql", SONGS));
    var first = awaitPlan("edited");
    platform.applyScripts("edited", Map.of("V1__songs.sql", "CREATE TABLE other ();"));
    approve("edited", "1", first.digest());
    var stale = platform.awaitReason("edited", Reason.APPROVAL_STALE, LIMIT);
    assertThat(ready(stale)).contains("the content of what would run is another one");
    assertThat(tables("edited")).isZero();

    approve("edited", "1", requireNonNull(status(stale).plan()).digest());
    platform.awaitReason("edited", Reason.UP_TO_DATE, LIMIT);
    assertThat(tables("edited")).isEqualTo(1);
  }

  @Test
  void fault_44_an_edit_between_the_check_and_the_pods_start_runs_nothing() {
    platform.applyConfigMap("hold", Map.of());
    database("raced", "production", "latest", Map.of("V1__songs.sql", SONGS));
    patch(
        "raced",
        """
        {"spec": {"jobTemplate": {
          "volumes": [{"name": "hold", "configMap": {"name": "hold"}}],
          "volumeMounts": [{"name": "hold", "mountPath": "/hold"}]}}}
        """);
    var plan = awaitPlan("raced");
    platform.client().configMaps().withName("hold").delete();
    approve("raced", "1", plan.digest());
    await()
        .atMost(LIMIT)
        .until(
            () ->
                platform.jobs("raced").stream()
                    .anyMatch(it -> it.getMetadata().getName().startsWith("raced-migrate-")));

    platform.applyScripts("raced", Map.of("V1__songs.sql", "CREATE TABLE other ();"));
    platform.applyConfigMap("hold", Map.of());
    platform.awaitReason("raced", Reason.APPROVAL_STALE, LIMIT);
    assertThat(tables("raced")).isZero();
  }

  @Test
  void fault_45_a_second_laxer_resource_on_the_same_database_is_refused() {
    database("strict", "production", "latest", Map.of("V1__songs.sql", SONGS));
    approve("strict", "1", awaitPlan("strict").digest());
    platform.awaitReason("strict", Reason.UP_TO_DATE, LIMIT);
    platform.client().resources(TuneTrailDatabase.class).withName("strict").delete();
    platform.applyScripts("strict", Map.of("V1__songs.sql", SONGS, "V2__users.sql", USERS));
    platform.applyFlyway("lax", "strict");
    platform.applyConnection("lax", "strict", "strict", "secret");

    var refused = platform.awaitReason("lax", Reason.ENVIRONMENT_LAXER, LIMIT);
    assertThat(ready(refused)).contains("used as production");
    assertThat(platform.jobs("lax")).isEmpty();
    assertThat(tables("strict")).isEqualTo(1);
  }

  private static PlanStatus awaitPlan(String name) {
    var waiting = status(platform.awaitReason(name, Reason.AWAITING_APPROVAL, LIMIT));
    return requireNonNull(waiting.plan());
  }

  private static String ready(TuneTrailDatabase resource) {
    return EmbeddedPlatform.ready(resource).orElseThrow().message();
  }

  private static List<ConfigMap> configMaps(PlanStatus plan) {
    return platform.client().configMaps().list().getItems().stream()
        .filter(it -> it.getMetadata().getName().equals(plan.configMap()))
        .toList();
  }

  private static String planOf(PlanStatus plan) {
    return requireNonNull(configMaps(plan).getFirst().getData().get("plan.json"));
  }

  @Test
  void nothing_is_written_when_nothing_changed() {
    database("quiet", "development", "latest", Map.of("V1__songs.sql", SONGS));
    platform.awaitReason("quiet", Reason.UP_TO_DATE, LIMIT);
    await().atMost(LIMIT).until(() -> status(platform.get("quiet")).schemaDigest() != null);
    await().atMost(LIMIT).until(() -> writtenByALook("quiet").isEmpty());

    assertThat(writtenByALook("quiet")).isEmpty();
  }

  /** What the operator writes about a resource while it looks at its database once more. */
  private static List<String> writtenByALook(String name) {
    long looks = looksAt(name);
    int before = writesAbout(name).size();
    touch(name);
    await().atMost(LIMIT).until(() -> looksAt(name) > looks);
    var after = writesAbout(name);
    return after.subList(before, after.size());
  }

  @Test
  void fault_01_a_job_created_before_the_status_was_written_is_adopted() throws Exception {
    try (var _ =
        platform
            .api()
            .refuse(
                it -> it.writes() && it.path().endsWith("/adopted/status"),
                500,
                "InternalError",
                "gone")) {
      database("adopted", "staging", "latest", Map.of("V1__songs.sql", SONGS));
      await().atMost(LIMIT).until(() -> platform.jobs("adopted").size() == 1);
      platform.stopOperator();
    }
    platform.startOperator();
    platform.awaitReason("adopted", Reason.UP_TO_DATE, LIMIT);
    assertThat(platform.jobs("adopted")).hasSize(1);
  }

  @Test
  void fault_02_an_operator_killed_before_creating_its_job_creates_exactly_one_later()
      throws Exception {
    try (var _ =
        platform
            .api()
            .refuse(
                it -> it.writes() && it.path().endsWith("/jobs") && it.body().contains("decided"),
                500,
                "InternalError",
                "gone")) {
      database("decided", "staging", "latest", Map.of("V1__songs.sql", SONGS));
      await().atMost(LIMIT).until(() -> looksAt("decided") > 0);
      platform.stopOperator();
    }
    platform.startOperator();
    platform.awaitReason("decided", Reason.UP_TO_DATE, LIMIT);
    assertThat(platform.jobs("decided")).hasSize(1);
  }

  @Test
  void fault_26_a_rotated_password_is_used_without_a_job_or_a_flapping_condition() {
    database("rotated", "staging", "latest", Map.of("V1__songs.sql", SONGS));
    var before = platform.awaitReason("rotated", Reason.UP_TO_DATE, LIMIT);
    platform.postgres().execute("ALTER ROLE rotated PASSWORD 'another'");
    touch("rotated");
    platform.applyConnection("rotated", "rotated", "rotated", "another");
    touch("rotated");

    long looks = looksAt("rotated");
    await().atMost(LIMIT).until(() -> looksAt("rotated") > looks);
    assertThat(platform.jobs("rotated")).hasSize(1);
    assertThat(Conditions.find(status(platform.get("rotated")).conditions(), Conditions.READY))
        .isEqualTo(Conditions.find(status(before).conditions(), Conditions.READY));
  }

  private static void database(
      String name, String environment, String target, Map<String, String> scripts) {
    platform.newDatabase(name, name, name, "secret");
    platform.applyScripts(name, scripts);
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s}
        spec:
          edition: commercial
          environment: %2$s
          targetVersion: "%3$s"
          connection:
            secretRef: {name: %1$s}
            caRef: {configMap: {name: %4$s, key: ca.crt}}
          schema: {flyway: {configMaps: [{name: %1$s}]}}
        """
            .formatted(name, environment, target, EmbeddedPlatform.AUTHORITY));
  }

  /** Makes the operator look again. */
  private static void touch(String name) {
    platform
        .client()
        .configMaps()
        .withName(name)
        .edit(
            it ->
                new ConfigMapBuilder(it)
                    .editMetadata()
                    .addToAnnotations("touched", Long.toString(System.nanoTime()))
                    .endMetadata()
                    .build());
  }

  private static void approve(String name, String version, String digest) {
    patch(
        name,
        "{\"spec\": {\"approval\": {\"version\": \"%s\", \"digest\": \"%s\", \"approvedBy\": \"ada\"}}}"
            .formatted(version, digest));
  }

  private static void patch(String name, String merge) {
    platform.client().resources(TuneTrailDatabase.class).withName(name).patch(merge);
  }

  private static TuneTrailDatabaseStatus status(TuneTrailDatabase resource) {
    return requireNonNull(resource.getStatus());
  }

  private static int tables(String database) {
    return Integer.parseInt(
        requireNonNull(
            platform
                .postgres()
                .query(
                    database,
                    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <>"
                        + " 'flyway_schema_history'")
                .getFirst()));
  }

  /** Each look connects; the server counts connections of a database as sessions. */
  private static long looksAt(String database) {
    return Long.parseLong(
        requireNonNull(
            platform
                .postgres()
                .query(
                    "SELECT sessions FROM pg_stat_database WHERE datname = '%s'"
                        .formatted(database))
                .getFirst()));
  }

  private static List<String> writesAbout(String name) {
    return platform.api().writes().stream()
        .filter(it -> it.agent().startsWith("operator"))
        .filter(it -> it.path().contains(name) || it.body().contains(name))
        .map(it -> it.path() + " " + it.body())
        .toList();
  }
}
