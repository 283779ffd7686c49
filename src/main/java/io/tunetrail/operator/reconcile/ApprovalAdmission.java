package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the admission policy of {@code deploy/approvals} makes sure of who approves. Where it
 * can't be seen it counts as absent.
 */
final class ApprovalAdmission {
  /** The policy on approvals of migrations. */
  static final String OF_DATABASES = "tunetrail-approvals";

  /** The policy on approvals of restores. */
  static final String OF_RESTORES = "tunetrail-restore-approvals";

  /** The label that every namespace has, with its own name. */
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String policy;
  private final Clock clock;
  private volatile @Nullable Seen seen;

  ApprovalAdmission(KubernetesClient client, String policy, Clock clock) {
    this.client = client;
    this.policy = policy;
    this.clock = clock;
  }

  private record Seen(@Nullable ValidatingAdmissionPolicyBinding binding, Instant at) {}

  /** Whether approvals in a namespace were admitted by the policy. */
  boolean isInForce(String namespace) {
    var known = seen;
    var now = clock.instant();
    if (known == null || known.at().plus(REMEMBERED).isBefore(now)) {
      known = new Seen(binding(), now);
      seen = known;
    }
    return known.binding() != null && covers(known.binding(), policy, namespace);
  }

  private @Nullable ValidatingAdmissionPolicyBinding binding() {
    try {
      var admission = client.admissionRegistration().v1();
      return admission.validatingAdmissionPolicies().withName(policy).get() == null
          ? null
          : admission.validatingAdmissionPolicyBindings().withName(policy).get();
    } catch (KubernetesClientException _) {
      return null;
    }
  }

  static boolean covers(ValidatingAdmissionPolicyBinding binding, String policy, String namespace) {
    var spec = binding.getSpec();
    if (!policy.equals(spec.getPolicyName()) || !spec.getValidationActions().contains("Deny")) {
      return false;
    }
    var match = spec.getMatchResources();
    return match == null
        || (match.getResourceRules().isEmpty()
            && match.getExcludeResourceRules().isEmpty()
            && labels(match.getObjectSelector()).isEmpty()
            && expressions(match.getObjectSelector()).isEmpty()
            && selects(match.getNamespaceSelector(), namespace));
  }

  /** Other labels of a namespace are not known here; a selector by them is none that is sure. */
  private static boolean selects(@Nullable LabelSelector selector, String namespace) {
    return labels(selector).entrySet().stream()
            .allMatch(it -> it.getKey().equals(NAMESPACE_NAME) && it.getValue().equals(namespace))
        && expressions(selector).stream().allMatch(it -> meets(it, namespace));
  }

  private static Map<String, String> labels(@Nullable LabelSelector selector) {
    return selector == null || selector.getMatchLabels() == null
        ? Map.of()
        : selector.getMatchLabels();
  }

  private static List<LabelSelectorRequirement> expressions(@Nullable LabelSelector selector) {
    return selector == null ? List.of() : selector.getMatchExpressions();
  }

  private static boolean meets(LabelSelectorRequirement requirement, String namespace) {
    boolean named = requirement.getValues().contains(namespace);
    return requirement.getKey().equals(NAMESPACE_NAME)
        && ((requirement.getOperator().equals("In") && named)
            || (requirement.getOperator().equals("NotIn") && !named));
  }
}
