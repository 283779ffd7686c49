package io.tunetrail.operator.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** crds/ is generated from the records; {@code -Dcrds=write} writes it. */
class CustomResourceDefinitionTest {
  private static final String HEAD = "# Generated from the records of io.tunetrail.operator.api.\n";
  private static final Path FOLDER = Path.of("crds");

  @ParameterizedTest
  @ValueSource(classes = {TuneTrailDatabase.class, TuneTrailRestore.class})
  void the_committed_definition_is_what_the_records_say(
      Class<? extends HasMetadata> kind, @TempDir Path folder) throws IOException {
    var generated = generate(kind, folder);
    var committed = FOLDER.resolve(file(kind));
    if ("write".equals(System.getProperty("crds"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(committed, generated);
    }
    assertThat(committed)
        .as("crds/ is stale: run mvn test -Dtest=CustomResourceDefinitionTest -Dcrds=write")
        .hasContent(generated);
  }

  @Test
  void an_installation_has_each_of_them() throws IOException {
    assertThat(Files.readString(FOLDER.resolve("kustomization.yaml")))
        .contains("- " + file(TuneTrailDatabase.class), "- " + file(TuneTrailRestore.class));
  }

  @Test
  void of_a_restore_only_the_approval_may_change() {
    var rules = rulesOfSpec(TuneTrailRestore.class);
    for (var component : TuneTrailRestoreSpec.class.getRecordComponents()) {
      assertThat(rules.stream().anyMatch(it -> it.contains("oldSelf." + component.getName())))
          .as(component.getName())
          .isEqualTo(!component.getName().equals("approval"));
    }
  }

  private static List<String> rulesOfSpec(Class<? extends HasMetadata> kind) {
    var version = read(FOLDER.resolve(file(kind))).getSpec().getVersions().getFirst();
    var spec = version.getSchema().getOpenAPIV3Schema().getProperties().get("spec");
    return requireNonNull(spec).getXKubernetesValidations().stream()
        .map(it -> it.getRule())
        .toList();
  }

  private static String file(Class<? extends HasMetadata> kind) {
    return HasMetadata.getFullResourceName(kind) + "-v1.yml";
  }

  private static CustomResourceDefinition read(Path file) {
    try {
      return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String generate(Class<? extends HasMetadata> kind, Path folder) {
    new CRDGenerator()
        .customResourceClasses(kind)
        .forCRDVersions("v1")
        .inOutputDir(folder.toFile())
        .generate();
    var definition = read(folder.resolve(file(kind)));
    definition.getSpec().getVersions().forEach(it -> orderColumns(kind, it));
    definition.getSpec().getVersions().forEach(CustomResourceDefinitionTest::beginUnobserved);
    definition.getSpec().getVersions().forEach(it -> describe(kind, it));
    return HEAD + Serialization.asYaml(definition);
  }

  /** Without a status kstatus, and so Flux, would take a new resource for one that is done. */
  private static void beginUnobserved(CustomResourceDefinitionVersion version) {
    var status = version.getSchema().getOpenAPIV3Schema().getProperties().get("status");
    requireNonNull(status)
        .setDefault(
            JsonNodeFactory.instance
                .objectNode()
                .put("observedGeneration", TuneTrailDatabaseStatus.UNOBSERVED));
  }

  private static void describe(
      Class<? extends HasMetadata> kind, CustomResourceDefinitionVersion version) {
    var schema = version.getSchema().getOpenAPIV3Schema();
    schema.setDescription(Descriptions.of(kind));
    var resource = (ParameterizedType) kind.getGenericSuperclass();
    for (var type : resource.getActualTypeArguments()) {
      var record = (Class<?>) type;
      var part = record.getSimpleName().endsWith("Spec") ? "spec" : "status";
      var field = requireNonNull(schema.getProperties().get(part));
      field.setDescription(Descriptions.of(record));
      Descriptions.describe(field, record);
    }
  }

  /** The generator sorts columns by path; people read them in the order of the annotations. */
  private static void orderColumns(
      Class<? extends HasMetadata> kind, CustomResourceDefinitionVersion version) {
    var names =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparingInt(column -> names.indexOf(column.getName())));
  }
}
