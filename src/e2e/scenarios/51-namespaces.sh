#!/bin/bash
# An operator with rights in two namespaces serves these and asks for nothing else.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

FIRST=$NAMESPACE
SECOND=$NAMESPACE-second
OTHER=$NAMESPACE-other
OPERATOR=system:serviceaccount:$OPERATOR_NAMESPACE:tunetrail-operator
OVERLAY=$ROOT/target/e2e/namespaced

# in_namespace NAMESPACE COMMAND...
in_namespace() { NAMESPACE=$1 "${@:2}"; }

overlay() {
  mkdir -p "$OVERLAY"
  cat > "$OVERLAY/kustomization.yaml" << YAML
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../../deploy/namespaced
images:
  - name: tunetrail/operator
    newName: localhost/tunetrail/operator
    newTag: dev
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: tunetrail-operator, namespace: $OPERATOR_NAMESPACE}
      spec:
        template:
          spec:
            containers:
              - name: operator
                imagePullPolicy: Never
                env: [{name: WATCH_NAMESPACES, value: "$FIRST,$SECOND"}]
YAML
}

# As it was, for the scenarios that follow.
install_again() {
  kc apply --kustomize="${DEPLOY:-$ROOT/deploy/dev}" > /dev/null
  await_operator
  kc delete namespace "$SECOND" "$OTHER" --ignore-not-found --wait=false > /dev/null
}

install_for_two_namespaces() {
  trap install_again EXIT
  kc apply --kustomize="$ROOT/deploy/namespaced/watched" --namespace="$FIRST" > /dev/null
  kc apply --kustomize="$ROOT/deploy/namespaced/watched" --namespace="$SECOND" > /dev/null
  kc delete clusterrolebinding tunetrail-operator > /dev/null
  overlay
  kc apply --kustomize="$OVERLAY" > /dev/null
  await_operator
  expect "$(kc auth can-i list tunetraildatabases --as="$OPERATOR" --all-namespaces 2> /dev/null)" no \
    "the operator has no right in all namespaces"
  expect "$(kc auth can-i get secrets --as="$OPERATOR" --namespace="$OTHER" 2> /dev/null)" no "and none in the other one"
}

# given NAME
given() {
  binding "$1" pg17
  scripts "$1" V1__songs.sql='CREATE TABLE songs (id int);'
  flyway "$1" staging latest
}

its_namespaces_are_served_and_no_other() {
  given other | in_namespace "$OTHER" apply
  given first | in_namespace "$FIRST" apply
  given second | in_namespace "$SECOND" apply
  await 90 "a database of the first namespace is migrated" in_namespace "$FIRST" is_ready_at first 1
  await 90 "a database of the second namespace is migrated" in_namespace "$SECOND" is_ready_at second 1
  scripts second V1__songs.sql='CREATE TABLE songs (id int);' V2__bands.sql='CREATE TABLE bands (id int);' | in_namespace "$SECOND" apply
  await 90 "a changed ConfigMap of the second namespace counts" in_namespace "$SECOND" is_ready_at second 2
  look_again first
  expect "$(in_namespace "$OTHER" status "$OTHER" other '')" '{"observedGeneration":-1}' "the other namespace's resource is not touched"
  expect "$(tables pg17 other)" 0 "nor is its database"
}

nothing_was_asked_for_in_vain() {
  local log
  log=$(kc logs deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE")
  expect_match "$log" 'created Job' "the operator's log tells of its work"
  expect "$(grep --ignore-case --count forbidden <<< "$log" || true)" 0 "the API server refused it nothing"
}

fresh_namespace
for namespace in "$SECOND" "$OTHER"; do NAMESPACE=$namespace fresh_namespace; done
new_databases pg17 first second other
install_for_two_namespaces
its_namespaces_are_served_and_no_other
nothing_was_asked_for_in_vain
