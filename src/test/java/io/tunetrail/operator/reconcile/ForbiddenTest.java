package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import org.junit.jupiter.api.Test;

class ForbiddenTest {
  private static final String WHO =
      "User \"system:serviceaccount:tunetrail-system:tunetrail-operator\" cannot ";

  @Test
  void fault_13_the_missing_right_is_named_by_verb_resource_and_namespace() {
    var message =
        "secrets \"songs\" is forbidden: "
            + WHO
            + "get resource \"secrets\" in API group \"\" in the namespace \"music\"";
    assertThat(Forbidden.verdict(failure(403, message)))
        .contains(
            new Verdict(
                Reason.RIGHT_MISSING,
                "system:serviceaccount:tunetrail-system:tunetrail-operator may not get secrets in"
                    + " namespace music"));
  }

  @Test
  void fault_13_the_group_of_a_resource_is_part_of_its_name() {
    var message =
        "jobs.batch is forbidden: "
            + WHO
            + "create resource \"jobs\" in API group \"batch\" at the cluster scope";
    assertThat(Forbidden.verdict(failure(403, message)).orElseThrow().detail())
        .endsWith("may not create jobs.batch");
  }

  @Test
  void another_refusal_of_the_same_code_is_told_in_the_api_servers_words() {
    assertThat(Forbidden.verdict(failure(403, "exceeded quota: small")))
        .contains(new Verdict(Reason.API_REFUSED, "exceeded quota: small"));
  }

  @Test
  void fault_07_a_webhook_that_can_not_be_asked_is_told_in_the_api_servers_words() {
    var message =
        "Internal error occurred: failed calling webhook \"policy.example.org\": failed to call"
            + " webhook: service \"policy\" not found";
    assertThat(Forbidden.verdict(failure(500, message)))
        .contains(new Verdict(Reason.API_REFUSED, message));
  }

  @Test
  void what_is_not_forbidden_is_no_matter_of_rights() {
    assertThat(Forbidden.verdict(failure(500, "etcd is away"))).isEmpty();
  }

  private static KubernetesClientException failure(int code, String message) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(code).withMessage(message).build());
  }
}
