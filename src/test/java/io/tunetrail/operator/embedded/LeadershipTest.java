package io.tunetrail.operator.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.ResourceNotFoundException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.runtime.Configuration;
import io.tunetrail.operator.runtime.Configuration.Candidate;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several operators on one API, of which one leads. */
class LeadershipTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of the lease of a leader that is not heard of any more. */
  private static final Duration EXPIRY = Duration.ofSeconds(15);

  /** A leader stops so long after it could renew last. */
  private static final Duration LEADS = Duration.ofSeconds(10);

  private final AtomicInteger losses = new AtomicInteger();

  @Test
  void an_operator_that_ends_hands_over_long_before_its_lease_expires(@TempDir Path folder)
      throws Exception {
    try (var platform = new EmbeddedPlatform(folder, client -> start(client, "first"));
        var client = platform.api().client("second")) {
      await()
          .atMost(LIMIT)
          .ignoreException(ResourceNotFoundException.class) // the Lease is made after the start
          .until(() -> "first".equals(leader(platform)));
      try (var second = start(client, "second")) {
        assertThat(second.httpPort()).isPositive();
        assertThat(leader(platform)).isEqualTo("first");

        platform.stopOperator();
        await().atMost(EXPIRY.dividedBy(2)).until(() -> "second".equals(leader(platform)));
        platform.apply(resource("served"));
        platform.awaitReason("served", Reason.CONFIG_MAP_MISSING, LIMIT);
      }
      assertThat(losses).hasValue(0);
    }
  }

  @Test
  void an_operator_that_waits_to_lead_changes_nothing(@TempDir Path folder) throws Exception {
    try (var platform = new EmbeddedPlatform(folder, client -> start(client, "first"));
        var client = platform.api().client("standby");
        var _ = start(client, "second")) {
      platform.apply(resource("served"));
      platform.awaitReason("served", Reason.CONFIG_MAP_MISSING, LIMIT);
      assertThat(platform.api().writes())
          .noneMatch(it -> it.agent().startsWith("standby") && it.path().contains("served"));
    }
  }

  @Test
  void fault_05_a_leader_whose_lease_another_took_is_told(@TempDir Path folder) {
    try (var platform = new EmbeddedPlatform(folder, client -> start(client, "first"))) {
      await().atMost(LIMIT).until(() -> "first".equals(leader(platform)));
      var stolen =
          new LeaseBuilder(lease(platform))
              .editMetadata()
              .withResourceVersion(null)
              .endMetadata()
              .editSpec()
              .withHolderIdentity("another")
              .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
              .endSpec()
              .build();
      platform.client().resource(stolen).update();
      await().atMost(LIMIT).until(() -> losses.get() == 1);
    }
  }

  @Test
  void fault_07_a_leader_that_can_not_renew_stops_and_goes_on_in_the_same_process(
      @TempDir Path folder) {
    try (var platform = new EmbeddedPlatform(folder, client -> start(client, "first"))) {
      await().atMost(LIMIT).until(() -> "first".equals(leader(platform)));
      platform.apply(resource("before"));
      platform.awaitReason("before", Reason.CONFIG_MAP_MISSING, LIMIT);
      try (var _ =
          platform
              .api()
              .refuse(
                  it -> it.path().contains("/leases/") && it.agent().startsWith("operator"),
                  500,
                  "InternalError",
                  "away")) {
        await().atMost(LIMIT).pollDelay(LEADS).until(() -> true);
        platform.apply(resource("meanwhile"));
        await().during(Duration.ofSeconds(2)).until(() -> unseen(platform.get("meanwhile")));
      }
      platform.awaitReason("meanwhile", Reason.CONFIG_MAP_MISSING, LIMIT);
      assertThat(losses).hasValue(0);
    }
  }

  private static boolean unseen(TuneTrailDatabase resource) {
    return resource.getStatus() == null || resource.getStatus().conditions() == null;
  }

  private OperatorRuntime start(KubernetesClient client, String identity) {
    var candidate = new Candidate(EmbeddedApi.NAMESPACE, identity);
    return OperatorRuntime.start(
        client,
        new Configuration("local-process", Set.of(), 0, candidate, JobSlots.DEFAULT),
        losses::incrementAndGet);
  }

  private static Lease lease(EmbeddedPlatform platform) {
    return platform
        .client()
        .leases()
        .inNamespace(EmbeddedApi.NAMESPACE)
        .withName("tunetrail-operator")
        .require();
  }

  private static String leader(EmbeddedPlatform platform) {
    return String.valueOf(lease(platform).getSpec().getHolderIdentity());
  }

  private static String resource(String name) {
    return """
    apiVersion: tunetrail.io/v1alpha1
    kind: TuneTrailDatabase
    metadata: {name: %s}
    spec:
      edition: commercial
      environment: staging
      connection: {secretRef: {name: missing}}
      schema: {flyway: {configMaps: [{name: missing}]}}
    """
        .formatted(name);
  }
}
