package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalAdmissionTest {
  private static final String NAME = "kubernetes.io/metadata.name";

  @Test
  void a_policy_that_denies_everywhere_covers_every_namespace() {
    assertThat(covers(binding("Deny"), "songs")).isTrue();
  }

  @Test
  void one_that_only_warns_makes_sure_of_nothing() {
    assertThat(covers(binding("Warn"), "songs")).isFalse();
  }

  @Test
  void one_for_some_namespaces_covers_those_that_it_names() {
    var named = selecting(new LabelSelectorBuilder().addToMatchLabels(NAME, "songs").build());
    assertThat(covers(named, "songs")).isTrue();
    assertThat(covers(named, "radio")).isFalse();
    var others = selecting(expression("NotIn"));
    assertThat(covers(others, "songs")).isFalse();
    assertThat(covers(others, "radio")).isTrue();
    assertThat(covers(selecting(expression("In")), "songs")).isTrue();
  }

  @Test
  void one_that_selects_by_other_labels_is_not_sure_to_cover_any() {
    var selector = new LabelSelectorBuilder().withMatchLabels(Map.of("team", "music")).build();
    assertThat(covers(selecting(selector), "songs")).isFalse();
  }

  @Test
  void that_of_restores_makes_sure_of_no_migration() {
    assertThat(ApprovalAdmission.covers(binding("Deny"), ApprovalAdmission.OF_RESTORES, "songs"))
        .isFalse();
  }

  private static boolean covers(ValidatingAdmissionPolicyBinding binding, String namespace) {
    return ApprovalAdmission.covers(binding, ApprovalAdmission.OF_DATABASES, namespace);
  }

  private static LabelSelector expression(String operator) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(NAME)
        .withOperator(operator)
        .withValues("songs")
        .endMatchExpression()
        .build();
  }

  private static ValidatingAdmissionPolicyBinding binding(String action) {
    return new ValidatingAdmissionPolicyBindingBuilder()
        .withNewSpec()
        .withPolicyName("tunetrail-approvals")
        .withValidationActions(action)
        .endSpec()
        .build();
  }

  private static ValidatingAdmissionPolicyBinding selecting(LabelSelector selector) {
    return new ValidatingAdmissionPolicyBindingBuilder(binding("Deny"))
        .editSpec()
        .withNewMatchResources()
        .withNamespaceSelector(selector)
        .withObjectSelector(new LabelSelector()) // as the API server fills it in
        .endMatchResources()
        .endSpec()
        .build();
  }
}
