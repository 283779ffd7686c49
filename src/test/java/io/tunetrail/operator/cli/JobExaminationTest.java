package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.migration.Examination;
import io.tunetrail.operator.migration.JobLabels;
import org.junit.jupiter.api.Test;

/** The Job that asks a database for a person. */
class JobExaminationTest {
  private static TuneTrailDatabase resource(String schema) {
    return Serialization.unmarshal(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: soleil, namespace: music, uid: uid-1, generation: 1}
        spec:
          edition: saas
          environment: production
          connection: {secretRef: {name: soleil-db}}
          schema: %s
          approval: {version: "3", approvedBy: ada}
        """
            .formatted(schema),
        TuneTrailDatabase.class);
  }

  private static void assertOursAlone(String schema) {
    var job = JobExamination.job(resource(schema), Examination.SCHEMA, "operator:1");
    var pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getContainers()).hasSize(1);
    assertThat(pod.getContainers().getFirst().getImage()).isEqualTo("operator:1");
    assertThat(pod.getContainers().getFirst().getArgs()).containsExactly("examine");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getVolumes()).extracting(Volume::getName).doesNotContain("sql-0", "revisions");
    assertThat(pod.getContainers().getFirst().getEnv())
        .extracting(EnvVar::getValue)
        .anyMatch(it -> it.contains("\"argument\":\"schema\""));
    assertThat(job.getMetadata().getLabels())
        .containsEntry(JobLabels.MANAGED_BY, JobLabels.COMMAND_LINE)
        .doesNotContainKey(JobLabels.RESOURCE_UID);
    assertThat(job.getMetadata().getAnnotations())
        .as("nobody approved it, and nobody had to")
        .doesNotContainKey(JobLabels.APPROVED_BY);
  }

  @Test
  void the_operators_image_asks_with_the_login_alone_whatever_migrates() {
    assertOursAlone("{flyway: {configMaps: [{name: songs}]}}");
    assertOursAlone("{flyway: {image: 'songs:1', path: /sql}}");
    assertOursAlone("{alembic: {image: 'soleil:3'}}");
  }

  @Test
  void each_question_has_a_job_of_its_own() {
    var resource = resource("{alembic: {image: 'soleil:3'}}");
    assertThat(JobExamination.job(resource, Examination.ROLE, "operator:1").getMetadata().getName())
        .isNotEqualTo(
            JobExamination.job(resource, Examination.ROLE, "operator:1").getMetadata().getName());
  }
}
