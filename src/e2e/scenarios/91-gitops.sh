#!/bin/bash
# Argo CD and Flux see what the status says; examples/gitops works by waves, and by waiting with the review in Git as the approval.
source "$(dirname "${BASH_SOURCE[0]}")/../people.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"
# shellcheck source=/dev/null
source "$E2E/health/health.sh"

POLICY_SUFFIX=-gitops
RELEASED=$ROOT/src/test/resources/released
REPOSITORY=$ACCOUNTS/examples

clean_up() {
  remove_policies
  kc delete customresourcedefinitions --selector=e2e=91-gitops --ignore-not-found > /dev/null
  rm -rf "$ACCOUNTS"
}

# as_here: runs the page's commands of the standard input, in this namespace.
as_here() { (cd "$ROOT" && sed "s/ -n [a-z]*/ -n $NAMESPACE/" | KUBECONFIG=$E2E_KUBECONFIG bash -euo pipefail); }

argo_cd_is_told() {
  kc create configmap argocd-cm --namespace="$NAMESPACE" --from-literal=timeout.reconciliation=60s > /dev/null
  page_blocks sh 'patch configmap argocd-cm' gitops | as_here > /dev/null
  LUA=$ACCOUNTS/argocd-cm.yaml
  kc get configmap argocd-cm --namespace="$NAMESPACE" --output=yaml > "$LUA"
  expect "$(kc get configmap argocd-cm --namespace="$NAMESPACE" --output='jsonpath={.data.timeout\.reconciliation}')" 60s \
    "what was in argocd-cm stays"
}

every_combination_of_conditions_is_seen_as_it_should_be() {
  local said
  said=$(health check "$ROOT/src/test/resources/gitops/health.txt") || fail "the table differs"
  expect_match "$said" 'Suspended InProgress Current' "$(paste -sd, <<< "$said")"
}

a_repository() {
  cp -r "$ROOT/examples/gitops" "$REPOSITORY"
  sed -i 's|registry\.example\.org/songs:2|localhost/app/soleil:3|' "$REPOSITORY/application/application.yaml"
  sed -i 's|tunetrail/operator:0\.1\.0|localhost/tunetrail/operator:dev|' "$REPOSITORY/production/waits.yaml"
  account argocd edit
}

fresh_songs() {
  new_databases pg17 gitops
  binding gitops pg17 | sed 's/metadata: {name: gitops}/metadata: {name: songs-db}/' | apply
}

# sync_wave N: applies the objects of that wave, as Argo CD does.
sync_wave() {
  kc kustomize "$REPOSITORY/staging" > "$ACCOUNTS/staging.yaml"
  kc apply --namespace="$NAMESPACE" --filename="$ACCOUNTS/staging.yaml" --dry-run=client --output=json |
    jq --arg wave "$1" '.items[] | select((.metadata.annotations["argocd.argoproj.io/sync-wave"] // "0") == $wave)' | apply
}

has_rolled_out() { kc rollout status deployment/songs --namespace="$NAMESPACE" --timeout=1s; }

by_waves() {
  sync_wave 0
  sync_wave 1
  await 90 "the database's wave is healthy" seen_as songs "Healthy Current Current"
  agrees songs pg17 gitops
  sync_wave 2
  await 90 "the application's wave is" has_rolled_out
  kc delete --namespace="$NAMESPACE" --filename="$ACCOUNTS/staging.yaml" > /dev/null
}

sync() { kubectl --kubeconfig="$ACCOUNTS/argocd" apply --kustomize="$REPOSITORY/production" > /dev/null; }

# commit: the page's YAML of the standard input as production/approval.yaml, signed by the account.
commit() {
  sed "/^---$/d; s/sha256:0*/$(plan_digest songs)/; s/system:serviceaccount:.*/$(user argocd)/" > "$REPOSITORY/production/approval.yaml"
  if ! grep -q approval.yaml "$REPOSITORY/production/kustomization.yaml"; then
    echo '  - path: approval.yaml' >> "$REPOSITORY/production/kustomization.yaml"
  fi
}

# script FILE SQL: adds it to the repository.
script() {
  echo "$2" > "$REPOSITORY/database/$1"
  sed -i "s/^      - V2__artists.sql/&\n      - $1/" "$REPOSITORY/database/kustomization.yaml"
}

application_waits() {
  [[ -n $(kc get pods --namespace="$NAMESPACE" --selector=app=songs \
    --output='jsonpath={.items[*].status.initContainerStatuses[?(@.name=="schema")].state.running}') ]]
}

by_waiting_for_the_review() {
  policy approvals
  page_blocks sh 'git-approves' gitops | sed "s/argocd:argocd-application-controller/$NAMESPACE:argocd/" | as_here > /dev/null
  fresh_songs
  sync
  await 90 "production is Suspended until it is approved" seen_as songs "Suspended InProgress Current"
  await 90 "the application's pod waits" application_waits
  expect "$(tables pg17 gitops)" 0 "nothing ran"
  [[ $(page_blocks sh 'status.plan.digest' gitops | as_here) == sha256:* ]] || fail "the page's command tells no digest"
  page_blocks yaml '    digest:' gitops | commit
  sync
  await 90 "the reviewed plan runs" seen_as songs "Healthy Current Current"
  await 90 "and then the application starts" has_rolled_out
  agrees songs pg17 gitops
  expect "$(approver)" "$(user argocd)" "tunetrail.history names the account"
}

approver() { psql_as_admin pg17 gitops 'SELECT approved_by FROM tunetrail.history ORDER BY id DESC LIMIT 1'; }

in_one_step() {
  script V3__genres.sql 'CREATE TABLE genres ();'
  page_blocks yaml 'approval: Version' gitops | commit
  sync
  await 90 "the commit that brings a script approves it" is_ready_at songs 3
  expect "$(approver)/$(tables pg17 gitops)" "$(user argocd)/2" "and is named"
}

what_waits_and_what_failed() {
  change songs '{"suspend":true}'
  script V4__broken.sql 'SELECT nothing;'
  sed -i 's/"3"/"4"/' "$REPOSITORY/production/approval.yaml"
  sync
  await 60 "what is suspended while something is pending is Suspended" seen_as songs "Suspended InProgress Current"
  change songs '{"suspend":false}'
  await 90 "what failed is Degraded" seen_as songs "Degraded Failed Failed"
  expect_match "$(seen songs)" 'V4__broken\.sql' "and Argo CD says what failed"
}

# released_definitions: those of the first release, in a group and by names of their own.
released_definitions() {
  local file
  for file in "$RELEASED"/*/crds/*.yml; do
    kc create --dry-run=client --output=json --filename="$file" | jq '.metadata.labels.e2e = "91-gitops"
      | .spec.group = "released.tunetrail.io" | .spec.names |= {plural: ("released" + .plural), singular: ("released" + .singular),
        kind: ("Released" + .kind), listKind: ("Released" + .kind + "List")}
      | .metadata.name = .spec.names.plural + ".released.tunetrail.io"' | kc apply --filename=- > /dev/null
  done
  kc wait customresourcedefinitions --selector=e2e=91-gitops --for=condition=Established --timeout=90s > /dev/null
}

# objects: every TuneTrailDatabase of the examples and of the golden files, as one List.
objects() {
  local file
  for file in "$ROOT"/examples/*/*.yaml "$ROOT"/src/test/resources/golden/*/in-resource.yaml; do
    if grep -q '^kind: TuneTrail' "$file"; then kc create --dry-run=client --output=json --filename="$file"; fi
  done | jq --slurp '{apiVersion: "v1", kind: "List", items: [.[] | if .kind == "List" then .items[] else . end
    | select(.kind | startswith("TuneTrail")) | {apiVersion, kind, spec}] | to_entries
    | map(.value + {metadata: {name: "object-\(.key)"}})}'
}

# accepted [OPTION...]: the names of a List's objects that the API server would create, where no policy says who may approve.
accepted() {
  kc create --namespace=default --dry-run=server "$@" --output='jsonpath={.metadata.name}{"\n"}' --filename=- 2> "$ACCOUNTS/refused" || true
}

what_the_released_definitions_accept_is_accepted() {
  local earlier
  released_definitions
  objects > "$ACCOUNTS/objects.json"
  # Of objects that have newer fields, too, all the rest.
  earlier=$(jq '.items[] |= (.apiVersion = "released." + .apiVersion | .kind = "Released" + .kind)' "$ACCOUNTS/objects.json" | accepted --validate=ignore)
  (($(wc -l <<< "$earlier") >= 20)) || fail "the released definitions accept too few objects: $(< "$ACCOUNTS/refused")"
  accepted < "$ACCOUNTS/objects.json" > "$ACCOUNTS/accepted"
  expect "$(comm -23 <(sort <<< "$earlier") <(sort "$ACCOUNTS/accepted"))" "" \
    "today's definitions accept all $(wc -l <<< "$earlier") objects that the released ones accept"
}

trap clean_up EXIT
fresh_namespace
argo_cd_is_told
every_combination_of_conditions_is_seen_as_it_should_be
a_repository
fresh_songs
by_waves
by_waiting_for_the_review
in_one_step
what_waits_and_what_failed
what_the_released_definitions_accept_is_accepted
