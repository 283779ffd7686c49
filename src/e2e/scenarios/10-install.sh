#!/bin/bash
# What `kubectl apply -k` installed: a restricted pod with few rights, and a kind that kubectl knows its way around.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

OPERATOR=system:serviceaccount:$OPERATOR_NAMESPACE:tunetrail-operator

operator_field() {
  kc get deployment tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --output="jsonpath={$1}"
}

the_pod_is_ready_under_restricted_pod_security() {
  expect "$(kc get namespace "$OPERATOR_NAMESPACE" --output='jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}')" \
    restricted "the operator's namespace enforces the restricted level"
  expect "$(operator_field .status.readyReplicas)" 1 "the operator is ready in it"
  expect "$(operator_field '.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem}{.spec.template.spec.securityContext.runAsNonRoot')" \
    truetrue "it cannot write to its image and is not root"
}

# may USER VERB RESOURCE NAMESPACE [SUBRESOURCE]: yes or no.
may() { kc auth can-i "$2" "$3" --as="$1" --namespace="$4" --subresource="${5:-}" --quiet 2> /dev/null && echo yes || echo no; }

the_operator_cannot_collect_secrets() {
  local verb
  for verb in list watch create delete; do
    expect "$(may "$OPERATOR" "$verb" secrets default)" no "the operator may not $verb Secrets"
  done
  expect "$(may "$OPERATOR" get secrets default)" yes "it may get one by name"
}

the_operator_has_no_more_rights_than_it_needs() {
  expect "$(may "$OPERATOR" '*' '*' default)" no "it has no wildcard"
  expect "$(may "$OPERATOR" update tunetraildatabases default)" no "it may not change a spec"
  expect "$(may "$OPERATOR" create pods default)" no "it may not create pods"
  expect "$(may "$OPERATOR" update configmaps default)" no "it may not change a ConfigMap"
  expect "$(may "$OPERATOR" update jobs.batch default)" no "it may not change a Job"
}

kubernetes_own_roles_reach_the_resources() {
  kc create rolebinding viewer --namespace="$NAMESPACE" --clusterrole=view --user=viewer > /dev/null
  kc create rolebinding editor --namespace="$NAMESPACE" --clusterrole=edit --user=editor > /dev/null
  expect "$(may viewer get tunetraildatabases "$NAMESPACE")" yes "who may view the namespace may view its databases"
  expect "$(may viewer create tunetraildatabases "$NAMESPACE")" no "but not create one"
  expect "$(may editor create tunetraildatabases "$NAMESPACE")" yes "who may edit the namespace may create one"
  expect "$(may editor patch tunetraildatabases "$NAMESPACE" status)" no "but not write its status"
}

kubectl_knows_the_kind() {
  kc wait --for=condition=Established crd/tunetraildatabases.tunetrail.io --timeout=10s > /dev/null
  pass "the CRD is established"
  expect_match "$(kc explain ttdb.spec)" 'targetVersion' "kubectl explain ttdb.spec names the fields"
  flyway shown staging latest 'suspend: true' | apply
  await 90 "a resource without its ConfigMap says so" says shown ConfigMapMissing
  expect "$(kc get ttdb --namespace="$NAMESPACE" | head -n 1 | tr -s ' ' | sed 's/ $//')" \
    "NAME EDITION ENVIRONMENT VERSION TARGET TABLES READY REASON AGE" "kubectl get ttdb has the columns of the design"
}

fresh_namespace
the_pod_is_ready_under_restricted_pod_security
the_operator_cannot_collect_secrets
the_operator_has_no_more_rights_than_it_needs
kubernetes_own_roles_reach_the_resources
kubectl_knows_the_kind
