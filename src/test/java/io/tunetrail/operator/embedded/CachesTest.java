package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator keeps in memory. */
class CachesTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String SQL = "CREATE TABLE songs (id int);";

  private @Nullable OperatorRuntime runtime;

  @Test
  void fault_59_foreign_objects_and_bodies_are_not_cached(@TempDir Path folder) {
    try (var platform =
        new EmbeddedPlatform(folder, client -> runtime = EmbeddedPlatform.operator(client))) {
      for (int i = 0; i < 100; i++) {
        foreign(platform, "foreign-" + i);
      }
      platform.newDatabase("songs", "songs", "songs", "secret");
      watched(platform, "songs", Map.of("V1__songs.sql", SQL, "V2__large.sql", large()));
      platform.apply(resource());
      platform.awaitReason("songs", Reason.UP_TO_DATE, LIMIT);
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(cached().stream().collect(Collectors.groupingBy(HasMetadata::getKind)))
                      .hasEntrySatisfying("TuneTrailDatabase", it -> assertThat(it).hasSize(1))
                      .hasEntrySatisfying("Job", it -> assertThat(it).hasSize(1))
                      .hasEntrySatisfying("Pod", it -> assertThat(it).hasSize(1))
                      .hasEntrySatisfying("ConfigMap", CachesTest::areNames)
                      .hasSize(4));

      watched(
          platform,
          "songs",
          Map.of(
              "V1__songs.sql", SQL, "V2__large.sql", large(), "V3__c.sql", SQL.replace("s", "c")));
      platform.await(
          "songs",
          LIMIT,
          "at 3",
          it -> "3".equals(requireNonNull(it.getStatus()).migrationVersion()));
      assertThat(cached()).filteredOn(ConfigMap.class::isInstance).satisfies(CachesTest::areNames);
      foreignJobs(platform);
    }
  }

  /** With nobody to run them; the last one, which looks like ours, shows that all were told. */
  private void foreignJobs(EmbeddedPlatform platform) {
    platform.kubelet().close();
    for (int i = 0; i < 100; i++) {
      platform.apply(job("foreign-" + i, Map.of()));
    }
    platform.apply(job("last", Map.of(JobLabels.MANAGED_BY, JobLabels.OPERATOR)));
    await().atMost(LIMIT).until(() -> jobs().anyMatch("last"::equals));
    assertThat(jobs()).noneMatch(it -> it.startsWith("foreign"));
  }

  private Stream<String> jobs() {
    return cached().stream().filter(Job.class::isInstance).map(it -> it.getMetadata().getName());
  }

  private static Job job(String name, Map<String, String> labels) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private List<HasMetadata> cached() {
    return requireNonNull(runtime).cached();
  }

  private static void areNames(List<? extends HasMetadata> cached) {
    assertThat(cached).singleElement().isInstanceOf(ConfigMap.class);
    var configMap = (ConfigMap) cached.getFirst();
    assertThat(configMap.getMetadata().getName()).isEqualTo("songs");
    assertThat(configMap.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(configMap.getData()).isNullOrEmpty();
  }

  private static void foreign(EmbeddedPlatform platform, String name) {
    platform.applySecret(name, Map.of("key", "value"));
    platform.applyConfigMap(name, Map.of("key", "value"));
    platform.apply(new PodBuilder().withNewMetadata().withName(name).endMetadata().build());
  }

  private static String large() {
    return "-- " + "x".repeat(500_000);
  }

  private static void watched(EmbeddedPlatform platform, String name, Map<String, String> files) {
    platform.apply(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("tunetrail.io/watch", "true")
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", large())
            .endMetadata()
            .withData(files)
            .build());
  }

  private static String resource() {
    return """
    apiVersion: tunetrail.io/v1alpha1
    kind: TuneTrailDatabase
    metadata: {name: songs}
    spec:
      edition: commercial
      environment: staging
      connection: {secretRef: {name: songs}}
      schema: {flyway: {configMaps: [{name: songs}]}}
    """;
  }
}
