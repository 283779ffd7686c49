package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedApiTest {
  private final EmbeddedApi api = new EmbeddedApi();
  private final KubernetesClient client = api.client("test");

  @AfterEach
  void close() {
    client.close();
    api.close();
  }

  @Test
  void the_schemas_defaults_are_written_into_the_resource() {
    client.resource(database("karaoke")).create();

    var spec = get("karaoke").getSpec();

    assertThat(spec.targetVersion()).isEqualTo("latest");
    assertThat(requireNonNull(spec.migration()).deadline()).isEqualTo("1h");
  }

  @Test
  void the_generation_counts_changes_of_the_spec_alone() {
    client.resource(database("karaoke")).create();
    applyStatus("{migrationVersion: '1'}");
    assertThat(get("karaoke").getMetadata().getGeneration()).isEqualTo(1);

    client
        .resources(TuneTrailDatabase.class)
        .withName("karaoke")
        .patch("{\"spec\":{\"suspend\":true}}");

    assertThat(get("karaoke").getMetadata().getGeneration()).isEqualTo(2);
    assertThat(get("karaoke").getStatus().migrationVersion()).isEqualTo("1");
  }

  @Test
  void an_applied_status_loses_what_is_no_longer_applied() {
    client.resource(database("karaoke")).create();
    applyStatus(
        "{migrationVersion: '1', pendingCount: 1, pending: [{version: '2', description: b}]}");

    applyStatus("{migrationVersion: '2'}");

    assertThat(get("karaoke").getStatus().migrationVersion()).isEqualTo("2");
    assertThat(get("karaoke").getStatus().pendingCount()).isNull();
    assertThat(get("karaoke").getStatus().pending()).isNull();
  }

  @Test
  void applying_the_same_again_changes_nothing() {
    client.resource(database("karaoke")).create();
    applyStatus("{migrationVersion: '1'}");
    var version = get("karaoke").getMetadata().getResourceVersion();

    applyStatus("{migrationVersion: '1'}");

    assertThat(get("karaoke").getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void a_status_computed_from_an_older_resource_is_refused() {
    var seen = client.resource(database("karaoke")).create();
    client
        .resources(TuneTrailDatabase.class)
        .withName("karaoke")
        .patch("{\"spec\":{\"suspend\":true}}");

    assertThatThrownBy(
            () -> applyStatus("{migrationVersion: '1'}", seen.getMetadata().getResourceVersion()))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void a_name_that_is_taken_is_refused_by_its_reason() {
    client.resource(configMap("scripts", Map.of())).create();

    assertThatThrownBy(() -> client.resource(configMap("scripts", Map.of())).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists"));
  }

  @Test
  void informers_follow_custom_resources_and_labelled_jobs_alone() {
    try (var databases = client.resources(TuneTrailDatabase.class).inAnyNamespace().inform();
        var jobs =
            client
                .batch()
                .v1()
                .jobs()
                .inAnyNamespace()
                .withLabel("tunetrail.io/watch", "true")
                .inform()) {
      var karaoke = client.resource(database("karaoke")).create();
      client.resource(job("foreign", "false")).create();
      client.resource(job("work", "true")).create();
      awaitNames(jobs, "work");
      awaitNames(databases, "karaoke");

      applyStatus("{migrationVersion: '1'}");
      await().until(() -> databases.getStore().list().getFirst().getStatus() != null);
      client.batch().v1().jobs().withName("foreign").edit(job -> labelled(job.edit(), "true"));
      awaitNames(jobs, "foreign", "work");
      client.batch().v1().jobs().withName("work").edit(job -> labelled(job.edit(), "false"));
      awaitNames(jobs, "foreign");
      client.resource(karaoke).delete();
      awaitNames(databases);
    }
  }

  @Test
  void what_is_owned_goes_with_its_last_owner() {
    var owner = client.resource(database("karaoke")).create();
    var job = client.resource(owned(job("work", "true"), owner)).create();
    client.resource(owned(configMap("of-the-job", Map.of()), job)).create();
    client.resource(configMap("of-nobody", Map.of())).create();

    client.resource(owner).delete();

    assertThat(client.batch().v1().jobs().list().getItems()).isEmpty();
    assertThat(client.configMaps().list().getItems())
        .extracting(configMap -> configMap.getMetadata().getName())
        .containsExactly("of-nobody");
  }

  @Test
  void a_secrets_plain_text_is_stored_encoded() {
    var secret = new SecretBuilder().withNewMetadata().withName("database").endMetadata();
    client.resource(secret.withStringData(Map.of("password", "geheim")).build()).create();

    assertThat(client.secrets().withName("database").get().getData())
        .containsEntry("password", "Z2VoZWlt");
  }

  @Test
  void a_refusal_lasts_until_it_is_closed() {
    var quota =
        api.refuse(r -> r.path().endsWith("/jobs") && r.writes(), 403, "Forbidden", "quota");
    assertThatThrownBy(() -> client.resource(job("work", "true")).create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("quota");

    quota.close();

    client.resource(job("work", "true")).create();
    assertThat(api.writes().stream().filter(r -> r.path().endsWith("/jobs"))).hasSize(2);
  }

  private static Job labelled(JobBuilder job, String ours) {
    return job.editMetadata().addToLabels("tunetrail.io/watch", ours).endMetadata().build();
  }

  private static void awaitNames(
      SharedIndexInformer<? extends HasMetadata> informer, String... names) {
    await()
        .untilAsserted(
            () ->
                assertThat(informer.getStore().list())
                    .extracting(object -> object.getMetadata().getName())
                    .containsExactlyInAnyOrder(names));
  }

  private TuneTrailDatabase get(String name) {
    return client.resources(TuneTrailDatabase.class).withName(name).get();
  }

  private void applyStatus(String status) {
    applyStatus(status, "");
  }

  private void applyStatus(String status, String resourceVersion) {
    var version = resourceVersion.isEmpty() ? "" : ", resourceVersion: '" + resourceVersion + "'";
    var yaml =
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: karaoke%s}
        status: %s
        """
            .formatted(version, status);
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("operator")
            .withForce(true)
            .build();
    client
        .resources(TuneTrailDatabase.class)
        .withName("karaoke")
        .subresource("status")
        .patch(context, yaml);
  }

  private static <T extends HasMetadata> T owned(T object, HasMetadata owner) {
    var reference =
        new OwnerReferenceBuilder()
            .withApiVersion(owner.getApiVersion())
            .withKind(owner.getKind())
            .withName(owner.getMetadata().getName())
            .withUid(owner.getMetadata().getUid())
            .build();
    object.getMetadata().setOwnerReferences(List.of(reference));
    return object;
  }

  private static ConfigMap configMap(String name, Map<String, String> data) {
    var metadata = new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata();
    return metadata.withData(data).build();
  }

  private static Job job(String name, String ours) {
    return labelled(
        new JobBuilder().withNewMetadata().withName(name).endMetadata().withNewSpec().endSpec(),
        ours);
  }

  private static TuneTrailDatabase database(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %s}
        spec:
          edition: commercial
          environment: staging
          connection: {secretRef: {name: karaoke-db}}
          schema: {flyway: {configMaps: [{name: karaoke-migrations}]}}
        """
            .formatted(name),
        TuneTrailDatabase.class);
  }
}
