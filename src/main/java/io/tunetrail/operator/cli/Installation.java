package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What an installation of this program's own version has; the files are those of the deployment.
 */
final class Installation {
  private static final String SEPARATOR = "(?m)^---$";

  private Installation() {}

  static List<CustomResourceDefinition> definitions() {
    return Stream.of(TuneTrailDatabase.class, TuneTrailRestore.class)
        .map(it -> read(HasMetadata.getFullResourceName(it) + "-v1.yml"))
        .map(it -> Serialization.unmarshal(it, CustomResourceDefinition.class))
        .toList();
  }

  /** What the operator must be allowed to do. */
  static List<Right> rights() {
    var role = read("cluster-role.yaml").split(SEPARATOR, 2)[0];
    return Right.of(Serialization.unmarshal(role, ClusterRole.class));
  }

  /** Whether both have the same fields and rules. */
  static boolean isSame(CustomResourceDefinition one, CustomResourceDefinition other) {
    return schemas(one).equals(schemas(other));
  }

  private static String schemas(CustomResourceDefinition definition) {
    return Serialization.asJson(
        definition.getSpec().getVersions().stream().map(it -> it.getSchema()).toList());
  }

  private static String read(String file) {
    try (var in = Installation.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
