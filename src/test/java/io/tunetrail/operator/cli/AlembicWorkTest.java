package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.migration.JobLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AlembicWorkTest {
  private static final Path GOLDEN = Path.of("src/test/resources/cli/generate-job.yaml");
  private static final String ALEMBIC =
      "{alembic: {image: 'registry.example.org/soleil:3', workingDirectory: /app}}";
  private static final String PROGRAM =
      "{createAll: {program: {image: 'registry.example.org/bare:1', command: [python, -m, create],"
          + " workingDirectory: /srv, urls: [{variable: DATABASE_URL, driver: asyncpg}]}}}";

  @Test
  void the_job_of_generate_is_as_written() throws IOException {
    var resource = resource("saas", ALEMBIC, "scratch: {connection: {secretRef: {name: scratch}}}");
    var job = generate(resource, "add plays");
    var yaml = Serialization.asYaml(job);
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(GOLDEN, yaml);
    }
    assertThat(GOLDEN).hasContent(yaml);
  }

  @Test
  void the_operator_does_not_see_it_and_it_goes_with_the_resource() {
    var job = generate(resource("saas", ALEMBIC, ""), "add plays");
    for (var metadata :
        new ObjectMeta[] {job.getMetadata(), job.getSpec().getTemplate().getMetadata()}) {
      assertThat(metadata.getLabels())
          .containsEntry(JobLabels.MANAGED_BY, JobLabels.COMMAND_LINE)
          .doesNotContainKey(JobLabels.RESOURCE_UID);
    }
    assertThat(job.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("uid-1");
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
  }

  @Test
  void a_project_without_alembic_is_set_up_by_the_image_that_creates_its_tables() throws Exception {
    var job =
        AlembicWork.setup(resource("community", PROGRAM, ""), "models:Base.metadata")
            .job("once", "operator");
    var program = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(program.getImage()).isEqualTo("registry.example.org/bare:1");
    assertThat(program.getWorkingDir()).isEqualTo("/srv");
    assertThat(order(job))
        .contains(
            "\"task\":\"setup\"",
            "\"argument\":\"models:Base.metadata\"",
            "\"driver\":\"asyncpg\"",
            "\"config\":\"alembic.ini\"");
    assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
        .extracting(Volume::getName)
        .doesNotContain("revisions");
  }

  @Test
  void what_has_no_image_is_told_what_names_one() {
    var flyway = resource("saas", "{flyway: {configMaps: [{name: songs}]}}", "");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> AlembicWork.generate(flyway, "add plays"))
        .withMessage(
            "soleil has no spec.schema.alembic, which names the image that generate runs in");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> AlembicWork.check(flyway))
        .withMessageContaining("soleil is not migrated by Alembic");
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> AlembicWork.check(resource("saas", ALEMBIC, "")))
        .withMessageContaining("soleil has no revision yet; migrate it first");
  }

  private static Job generate(TuneTrailDatabase resource, String message) {
    try {
      return AlembicWork.generate(resource, message).job("once", "tunetrail/operator:test");
    } catch (CommandFailure e) {
      throw new AssertionError(e);
    }
  }

  private static String order(Job job) {
    return job.getSpec().getTemplate().getSpec().getInitContainers().getFirst().getEnv().stream()
        .filter(it -> it.getName().equals("TUNETRAIL_WORK"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static TuneTrailDatabase resource(String edition, String schema, String more) {
    var yaml =
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: soleil, namespace: music, uid: uid-1, generation: 1}
        spec:
          edition: %s
          environment: staging
          connection: {secretRef: {name: soleil-db}}
          schema: %s
          %s
        """
            .formatted(edition, schema, more);
    return Serialization.unmarshal(yaml, TuneTrailDatabase.class);
  }
}
