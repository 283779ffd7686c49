package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What an installation of this program's own version has; the files are those of the deployment.
 */
final class Installation {
  private static final String SEPARATOR = "(?m)^---$";

  private Installation() {}

  static CustomResourceDefinition definition() {
    return Serialization.unmarshal(
        read("tunetraildatabases.tunetrail.io-v1.yml"), CustomResourceDefinition.class);
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
