package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Something that may be done in a namespace.
 *
 * @param resource with its subresource, as in pods/log
 */
record Right(String verb, String group, String resource) {

  /** All that a role gives. */
  static List<Right> of(ClusterRole role) {
    var rights = new ArrayList<Right>();
    for (PolicyRule rule : role.getRules()) {
      for (var group : rule.getApiGroups()) {
        for (var resource : rule.getResources()) {
          rule.getVerbs().forEach(verb -> rights.add(new Right(verb, group, resource)));
        }
      }
    }
    return rights;
  }

  String plural() {
    return resource.split("/", 2)[0];
  }

  /** Empty where it is no subresource. */
  String subresource() {
    return resource.contains("/") ? resource.substring(resource.indexOf('/') + 1) : "";
  }

  /** As in: patch tunetraildatabases/status. */
  @Override
  public String toString() {
    return "%s %s".formatted(verb, Objects.requireNonNull(resource));
  }
}
