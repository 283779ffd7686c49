package io.tunetrail.operator.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Look;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
  private static final int MOST_SERIES_OF_A_RESOURCE = 40;
  private static final int MOST_SERIES_OF_A_RESTORE = 10;

  private final OperatorMetrics metrics = new OperatorMetrics(() -> true);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void a_resource_is_told_of_by_its_status_and_what_was_seen() {
    var karaoke = TestResources.waiting("karaoke");
    metrics.tellOf(() -> List.of(karaoke));
    metrics.looked(karaoke, TestResources.seen());
    assertThat(metrics.page().lines())
        .contains(
            "tunetrail_database_info{edition=\"saas\",environment=\"production\",method=\"flyway\","
                + "name=\"karaoke\",namespace=\"music\",target=\"9\",version=\"7\"} 1",
            "tunetrail_database_condition{condition=\"Ready\",name=\"karaoke\",namespace=\"music\","
                + "reason=\"AwaitingApproval\"} 0.0",
            of("tunetrail_database_up", "1.0"),
            of("tunetrail_database_tables", "12.0"),
            of("tunetrail_database_size_bytes", "8123456.0"),
            of("tunetrail_database_in_recovery", "0.0"),
            of("tunetrail_database_connections", "20.0", "state", "idle"),
            of("tunetrail_database_slow_statements", "4.0"),
            of("tunetrail_database_slowest_statement_mean_seconds", "1.5"),
            of("tunetrail_database_replicas", "2.0"),
            of("tunetrail_database_replication_lag_seconds", "0.5"),
            of("tunetrail_database_replication_lag_bytes", "4096.0"),
            of("tunetrail_database_invalid_indexes", "1.0"),
            of("tunetrail_database_pending_migrations", "2.0"),
            of("tunetrail_database_awaiting_approval_since_seconds", "1.77763681E9"),
            "tunetrail_database_last_migration_timestamp_seconds{name=\"karaoke\",namespace=\"music\",outcome=\"Done\",task=\"migrate\"}"
                + " 1.7776368E9",
            of("tunetrail_backup_last_success_timestamp_seconds", "1.7776044E9"),
            of("tunetrail_backup_last_failure_timestamp_seconds", "1.777518E9"),
            of("tunetrail_backup_last_verified_timestamp_seconds", "1.777605E9"),
            of("tunetrail_backup_last_verification_failure_timestamp_seconds", "1.777518E9"),
            of("tunetrail_backup_failures_since_success", "0.0"),
            of("tunetrail_backup_missed_runs", "1.0"),
            of("tunetrail_backup_claim_info", "1", "persistentvolumeclaim", "backups"),
            of("tunetrail_backup_next_run_timestamp_seconds", "1.7776908E9"),
            of("tunetrail_backup_size_bytes", "2874001.0"),
            of("tunetrail_backup_duration_seconds", "200.0"),
            of("tunetrail_backup_verified", "1.0"),
            of("tunetrail_backup_verification_duration_seconds", "9.0"),
            "tunetrail_operator_leading 1.0");
  }

  @Test
  void a_restore_is_told_of_by_its_phase_and_reason_and_when_it_was_asked_for_and_ended() {
    var back = TestResources.restore("back", "Failed", "NoSuchBackup");
    metrics.tellOfRestores(() -> List.of(back));
    assertThat(metrics.page().lines())
        .contains(
            ofBack("phase", ",phase=\"Waiting\"", "0.0"),
            ofBack("phase", ",phase=\"AwaitingApproval\"", "0.0"),
            ofBack("phase", ",phase=\"Restoring\"", "0.0"),
            ofBack("phase", ",phase=\"Restored\"", "0.0"),
            ofBack("phase", ",phase=\"Failed\"", "1.0"),
            "tunetrail_restore_condition{condition=\"Ready\",database=\"karaoke\",name=\"back\","
                + "namespace=\"music\",reason=\"NoSuchBackup\"} 0.0",
            ofBack("created_timestamp_seconds", "", "1.7776296E9"),
            ofBack("finished_timestamp_seconds", "", "1.7776299E9"));
  }

  @Test
  void a_restore_that_is_tried_again_has_not_ended() {
    var back = TestResources.restore("back", "Restoring", "DatabaseUnreachable");
    metrics.tellOfRestores(() -> List.of(back));
    assertThat(metrics.page())
        .contains(ofBack("phase", ",phase=\"Restoring\"", "1.0"))
        .contains(ofBack("phase", ",phase=\"Failed\"", "0.0"))
        .doesNotContain("tunetrail_restore_finished_timestamp_seconds{");
  }

  @Test
  void a_restore_that_nothing_was_said_of_yet_was_asked_for_all_the_same() {
    var back = TestResources.restore("back", "Restored", "Restored");
    back.setStatus(null);
    metrics.tellOfRestores(() -> List.of(back));
    assertThat(metrics.page())
        .contains(ofBack("created_timestamp_seconds", "", "1.7776296E9"))
        .doesNotContain("tunetrail_restore_phase{", "tunetrail_restore_condition{");
  }

  @Test
  void a_deleted_restore_takes_its_series_with_it_and_not_those_of_its_database() {
    var back = TestResources.restore("back", "Restored", "Restored");
    metrics.tellOf(() -> List.of(TestResources.waiting("karaoke")));
    metrics.tellOfRestores(() -> List.of(back));
    assertThat(series("back")).isBetween(7L, (long) MOST_SERIES_OF_A_RESTORE);

    metrics.tellOfRestores(List::of);
    assertThat(series("back")).isZero();
    assertThat(series("karaoke")).isPositive();
  }

  @Test
  void what_is_unknown_has_no_value() {
    var karaoke = TestResources.waiting("karaoke");
    metrics.tellOf(() -> List.of(karaoke));
    assertThat(metrics.page())
        .doesNotContain("Drifted", "tunetrail_database_size_bytes{", "slow_statements{");
  }

  @Test
  void a_database_that_does_not_answer_has_no_size_and_its_failures_are_counted_by_reason() {
    var karaoke = TestResources.waiting("karaoke");
    metrics.tellOf(() -> List.of(karaoke));
    metrics.looked(karaoke, TestResources.seen());
    metrics.looked(karaoke, new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused"));
    metrics.looked(karaoke, new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused"));
    assertThat(metrics.page())
        .doesNotContain("tunetrail_database_size_bytes{")
        .contains(of("tunetrail_look_failures_total", "2.0", "reason", "DatabaseUnreachable"));
  }

  @Test
  void notifications_are_counted_from_0_on_so_that_the_first_is_an_increase() {
    assertThat(metrics.page())
        .contains("tunetrail_notifications_total{outcome=\"dropped\"} 0.0")
        .contains("tunetrail_notifications_total{outcome=\"delivered\"} 0.0");
    metrics.notified("dropped");
    assertThat(metrics.page()).contains("tunetrail_notifications_total{outcome=\"dropped\"} 1.0");
  }

  @Test
  void looks_are_measured_for_all_together() {
    metrics.timed(TestResources::seen);
    assertThat(metrics.page())
        .contains("tunetrail_look_duration_seconds_count{outcome=\"seen\"} 1")
        .contains("tunetrail_look_duration_seconds_bucket{outcome=\"seen\",le=\"5.0\"} 1");
  }

  @Test
  void a_work_is_counted_once_when_the_status_tells_of_it() {
    var next = TestResources.waiting("karaoke");
    var before = TestResources.waiting("karaoke");
    before.setStatus(null);
    metrics.tellOf(() -> List.of(before));
    metrics.told(before, requireNonNull(next.getStatus()));
    metrics.told(next, requireNonNull(next.getStatus()));
    assertThat(metrics.page())
        .contains(
            "tunetrail_migrations_total{name=\"karaoke\",namespace=\"music\",outcome=\"Done\","
                + "task=\"migrate\"} 1.0")
        .contains(
            "tunetrail_migration_duration_seconds_sum{outcome=\"Done\",task=\"migrate\"} 60.0");
  }

  @Test
  void fault_60_a_thousand_resources_have_bounded_series_and_take_them_with_them() {
    var all =
        IntStream.range(0, 1000).mapToObj(it -> TestResources.waiting("karaoke-" + it)).toList();
    for (var resource : all) {
      metrics.looked(resource, TestResources.seen());
      metrics.looked(resource, new Look.Unseen(Reason.LOCK_TIMEOUT, "busy"));
    }
    metrics.tellOf(() -> all);
    assertThat(series("karaoke-7")).isBetween(10L, (long) MOST_SERIES_OF_A_RESOURCE);
    assertThat(metrics.page().lines().count()).isLessThan(1000L * MOST_SERIES_OF_A_RESOURCE);

    metrics.tellOf(() -> List.of(all.getFirst()));
    assertThat(series("karaoke-7")).isZero();
    assertThat(series("karaoke-0")).isPositive();
  }

  @Test
  void while_another_operator_leads_nothing_is_told_of_resources() {
    metrics.tellOf(List::<TuneTrailDatabase>of);
    metrics.looked(TestResources.waiting("karaoke"), TestResources.seen());
    assertThat(metrics.page()).doesNotContain("karaoke").contains("jvm_memory_used_bytes");
  }

  private long series(String name) {
    return metrics.page().lines().filter(it -> it.contains("name=\"" + name + "\"")).count();
  }

  private static String of(String metric, String value) {
    return "%s{name=\"karaoke\",namespace=\"music\"} %s".formatted(metric, value);
  }

  private static String of(String metric, String value, String label, String text) {
    return "%s{name=\"karaoke\",namespace=\"music\",%s=\"%s\"} %s"
        .formatted(metric, label, text, value);
  }

  private static String ofBack(String metric, String label, String value) {
    return "tunetrail_restore_%s{database=\"karaoke\",name=\"back\",namespace=\"music\"%s} %s"
        .formatted(metric, label, value);
  }
}
