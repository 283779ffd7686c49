package io.tunetrail.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import org.junit.jupiter.api.Test;

class LeanSerializationTest {
  private final KubernetesSerialization lean = LeanSerialization.create();
  private final KubernetesSerialization full = new KubernetesSerialization();

  @Test
  void an_object_is_read_without_who_set_its_fields_and_with_all_else() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("soleil")
            .withResourceVersion("7")
            .addToAnnotations("team", "music")
            .addNewManagedField()
            .withManager("kubectl")
            .endManagedField()
            .endMetadata()
            .withNewSpec()
            .withNodeName("one")
            .endSpec()
            .build();

    var read = lean.unmarshal(full.asJson(pod));

    assertThat(read).isEqualTo(pod.edit().editMetadata().withManagedFields().endMetadata().build());
  }

  @Test
  void a_custom_resource_is_written_without_them_too() {
    var json =
        """
        {"apiVersion": "tunetrail.io/v1alpha1", "kind": "TuneTrailDatabase",
         "metadata": {"name": "soleil", "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]},
         "spec": {"edition": "community"}}
        """;

    var read = lean.unmarshal(json, TuneTrailDatabase.class);

    assertThat(read.getMetadata().getManagedFields()).isEmpty();
    assertThat(read.getMetadata().getName()).isEqualTo("soleil");
    assertThat(lean.asJson(read)).doesNotContain("managedFields");
  }
}
