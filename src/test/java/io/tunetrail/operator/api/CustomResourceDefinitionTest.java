package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** crds/ is generated from the records; {@code -Dcrds=write} writes it. */
class CustomResourceDefinitionTest {
  private static final String FILE = "tunetraildatabases.tunetrail.io-v1.yml";
  private static final String HEAD = "# Generated from the records of io.tunetrail.operator.api.\n";
  private static final Path COMMITTED = Path.of("crds", FILE);

  @Test
  void the_committed_definition_is_what_the_records_say(@TempDir Path folder) throws IOException {
    var generated = generate(folder);
    if ("write".equals(System.getProperty("crds"))) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED)
        .as("crds/ is stale: run mvn test -Dtest=CustomResourceDefinitionTest -Dcrds=write")
        .hasContent(generated);
  }

  private static String generate(Path folder) throws IOException {
    new CRDGenerator()
        .customResourceClasses(TuneTrailDatabase.class)
        .forCRDVersions("v1")
        .inOutputDir(folder.toFile())
        .generate();
    var definition =
        Serialization.unmarshal(
            Files.readString(folder.resolve(FILE)), CustomResourceDefinition.class);
    definition.getSpec().getVersions().forEach(CustomResourceDefinitionTest::orderColumns);
    return HEAD + Serialization.asYaml(definition);
  }

  /** The generator sorts columns by path; people read them in the order of the annotations. */
  private static void orderColumns(CustomResourceDefinitionVersion version) {
    var names =
        Arrays.stream(TuneTrailDatabase.class.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparingInt(column -> names.indexOf(column.getName())));
  }
}
