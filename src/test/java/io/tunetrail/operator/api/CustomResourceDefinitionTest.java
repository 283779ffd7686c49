package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** crds/ is generated from the records; {@code -Dcrds=write} writes it. */
class CustomResourceDefinitionTest {
  private static final String FILE = "tunetraildatabases.tunetrail.io-v1.yml";
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
    return Files.readString(folder.resolve(FILE));
  }
}
