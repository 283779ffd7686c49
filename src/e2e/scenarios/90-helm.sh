#!/bin/bash
# The chart by real Helm: the API server takes what each value set makes; it takes over what kubectl installed; for one namespace
# it is installed, upgraded and taken back; and when it goes, databases, backups and definitions stay. Through upgrades by
# kubectl, as its page says, and by Helm databases in every state stay as they are, and then go on.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"
# shellcheck source=/dev/null
source "$E2E/prometheus/kinds.sh"
# shellcheck source=/dev/null
source "$E2E/helm.sh"

CHART=$ROOT/helm/tunetrail-operator
VALUE_SETS=$ROOT/src/test/helm
RELEASE=tunetrail-operator
OPERATOR=system:serviceaccount:$OPERATOR_NAMESPACE:tunetrail-operator
READER=
# By a query, for a name that was looked up in vain is looked up no more.
WAITS="DO \$\$ BEGIN
  WHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = 'go_on') LOOP PERFORM pg_sleep(0.2); END LOOP;
END \$\$;"
# The image that the cluster was given, as deploy/dev names it.
IMAGE=(--set image.repository=localhost/tunetrail/operator --set image.tag=dev --set image.pullPolicy=Never)

in_the_operators_namespace() { kc --namespace="$OPERATOR_NAMESPACE" "$@"; }

# from_readme PATTERN [ARGUMENT...]: runs the one command of the chart's README that matches, with more arguments.
from_readme() {
  local command
  command=$(grep --extended-regexp "^helm $1" "$CHART/README.md")
  expect "$(wc -l <<< "$command")" 1 "the README has: $command"
  (cd "$ROOT" && eval "$command \"\${@:2}\"") > /dev/null
}

helm_test_finds_it_ready() {
  from_readme test || fail "$(in_the_operators_namespace logs tunetrail-operator-test)"
  pass "$1"
}

# As it was, for the scenarios that follow.
install_again() {
  helm uninstall "$RELEASE" --ignore-not-found --wait > /dev/null
  kc apply --kustomize="${DEPLOY:-$ROOT/deploy/dev}" > /dev/null
  await_operator
}

clean_up() {
  install_again
  remove_volume
  kinds_of_prometheus_operator | kc delete --ignore-not-found --wait=false --filename=- > /dev/null
  kc delete namespace team-songs team-bands --ignore-not-found --wait=false > /dev/null
  rm -rf "$HELM_FILES" "$READER"
}

# rendered VALUES [ARGUMENT...]
rendered() { helm template "$RELEASE" "$CHART" --values="$1" "${@:2}"; }

# objects: the YAML on the standard input as a sorted list, without what are Helm's own labels and tests.
objects() {
  kc create --dry-run=client --validate=false --filename=- --output=json | jq --slurp --sort-keys '
    ["helm.sh/chart", "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by",
      "app.kubernetes.io/name"] as $labels |
    map(if .kind == "List" then .items[] else . end | select(.metadata.annotations["helm.sh/hook"] == null)
      | del(.metadata.labels[$labels[]], .metadata.annotations["helm.sh/resource-policy"], .metadata.creationTimestamp)
      | if .metadata.annotations == {} then del(.metadata.annotations) else . end)
    | sort_by(.kind, .metadata.namespace, .metadata.name)'
}

# Helm keeps a release in its namespace, so that is no part of the chart.
by_default_it_is_what_kubectl_installs() {
  rendered "$VALUE_SETS/default.yaml" | objects > "$HELM_FILES/chart.json"
  kc kustomize "$ROOT/deploy" | objects | jq --sort-keys 'map(select(.kind != "Namespace"))' > "$HELM_FILES/deploy.json"
  expect_match "$(jq length "$HELM_FILES/deploy.json")" '^1[0-9]$' "deploy/ has objects"
  diff "$HELM_FILES/deploy.json" "$HELM_FILES/chart.json" >&2 || fail "the chart's default differs from deploy/"
  pass "the chart renders by default what kubectl kustomize deploy does"
}

# takes FILE...: the API server would take all objects, and warns of none.
takes() {
  local said
  said=$(kc apply --server-side --force-conflicts --field-manager=helm --dry-run=server "${@/#/--filename=}" 2>&1) || fail "refused: $said"
  expect "$(grep Warning <<< "$said" || true)" "" "no object is warned of"
}

the_api_server_takes_what_each_value_set_makes() {
  local values namespace files=()
  kinds_of_prometheus_operator | kc apply --filename=- > /dev/null
  kinds_of_prometheus_operator | kc wait --for=condition=Established --timeout=90s --filename=- > /dev/null
  for namespace in team-songs team-bands; do kc create namespace "$namespace" > /dev/null; done
  kc label namespace "$NAMESPACE" pod-security.kubernetes.io/warn=restricted > /dev/null
  for values in "$VALUE_SETS"/*.yaml; do
    files+=("$HELM_FILES/$(basename "$values")")
    # A pod is taken where its account is; helm test shows that.
    rendered "$values" --namespace="$NAMESPACE" --skip-tests --set "crds.install=$(with_definitions "$values")" > "${files[-1]}"
  done
  takes "${files[@]}"
  expect "$((${#files[@]} >= 20))" 1 "the API server takes the objects of ${#files[@]} value sets"
}

# Definitions are large, and the same in most sets.
with_definitions() {
  case $1 in
    */default.yaml | */definitions-that-go.yaml) echo true ;;
    *) echo false ;;
  esac
}

operator_uid() { in_the_operators_namespace get deployment tunetrail-operator --output='jsonpath={.metadata.uid}'; }

what_kubectl_installed_is_taken_over() {
  local before
  before=$(operator_uid)
  from_readme 'install .*--take-ownership' "${IMAGE[@]}" --force-conflicts
  expect "$(operator_uid)" "$before" "the Deployment that kubectl made is the release's now"
  expect "$(kc get crd tunetraildatabases.tunetrail.io --output='jsonpath={.metadata.annotations.meta\.helm\.sh/release-name}')" \
    "$RELEASE" "and so are the definitions"
  helm_test_finds_it_ready "helm test finds the operator ready, with its definitions and all its rights"
}

it_goes_and_comes_back_for_one_namespace() {
  helm uninstall "$RELEASE" --wait > /dev/null
  await 60 "the operator is gone" is_operator_gone
  # None was released yet: the version before is this chart under an earlier number.
  helm package "$CHART" --version=0.0.9 --destination="$HELM_FILES" > /dev/null
  helm install "$RELEASE" "$HELM_FILES/tunetrail-operator-0.0.9.tgz" "${IMAGE[@]}" --set "watchNamespaces={$NAMESPACE}" \
    --wait --timeout=360s > /dev/null
  expect "$(kc auth can-i list tunetraildatabases --as="$OPERATOR" --all-namespaces 2> /dev/null)" no \
    "for one namespace the operator has no right in all"
  helm_test_finds_it_ready "helm test finds it ready"
}

# Databases in every state; the first migration of one waits until there is a table go_on.
databases_are_in_every_state() {
  new_databases pg17 shipped steady held failed paused away
  {
    scripts shipped V1__songs.sql="$WAITS CREATE TABLE songs (id int);"
    scripts failed V1__songs.sql='CREATE TABLE songs (id int);' V2__bands.sql='INSERT INTO bands VALUES (1);'
    for name in steady held paused away; do scripts "$name" V1__songs.sql='CREATE TABLE songs (id int);'; done
    for name in shipped steady held failed paused; do binding "$name" pg17; done
    binding away pg17 host=nobody.databases
    for name in shipped steady failed away; do flyway "$name" staging latest; done
    flyway paused staging latest 'suspend: true'
    flyway held production latest 'migration: {approval: Plan}' |
      sed 's/{secretRef: {name: held}}/{secretRef: {name: held}, caRef: {configMap: {name: pg-ca}}}/'
  } | apply
  await 60 "one is migrated" is_ready_at steady 1
  await 60 "one waits for an approval of its plan" says held AwaitingApproval
  await 60 "one has failed" says failed MigrationFailed
  await 60 "one is suspended" says paused Suspended
  await 60 "one is away" says away DatabaseUnreachable
  await 60 "and one is being migrated" is_migrating
  STATES=$(states)
  DIGEST=$(plan_digest held)
}

# states: of each resource what it says and has, and its Jobs.
states() {
  kc get tunetraildatabases --namespace="$NAMESPACE" --output=json | jq --compact-output --sort-keys '.items[] | [.metadata.name,
    (.status.conditions[] | select(.type == "Ready") | .status, .reason), (.status | .migrationVersion, .pendingDigest, .plan.digest,
    .lastMigration)]'
  kc get jobs --namespace="$NAMESPACE" --output='jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}'
}

# each_is_as_before WHEN: also once the operator of now has looked at each.
each_is_as_before() {
  local name
  for name in shipped steady held failed paused away; do
    kc patch ttdb "$name" --namespace="$NAMESPACE" --subresource=status --type=merge \
      --patch='{"status":{"observedGeneration":-1}}' > /dev/null
    look_again "$name"
  done
  await 90 "the operator of now has looked at each" all_are_observed
  expect "$(states)" "$STATES" "$1 each is as before, with the same plan and the same Jobs"
  is_migrating || fail "$1 the migration does not run any more"
}

all_are_observed() {
  local observed
  observed=$(kc get tunetraildatabases --namespace="$NAMESPACE" --output=json |
    jq --raw-output '.items[] | select(.status.observedGeneration != .metadata.generation).metadata.name')
  echo "not yet: $observed"
  [[ -z $observed ]]
}

# The reader's overlay of the new release; it makes the Deployment's pods anew.
it_is_upgraded_by_kubectl_as_its_page_says() {
  local before
  new_reader
  ln -sfn "$ROOT/crds" "$READER/crds"
  mkdir "$READER/install"
  cat > "$READER/install/kustomization.yaml" << 'YAML'
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../deploy]
images: [{name: tunetrail/operator, newName: localhost/tunetrail/operator, newTag: dev}]
patches:
  - target: {kind: Deployment, name: tunetrail-operator}
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: tunetrail-operator}
      spec: {template: {metadata: {annotations: {example.org/release: next}}}}
YAML
  before=$(operator_pods)
  expect_match "$(walk upgrading)" 'successfully rolled out.*OK +operator.*OK +its rights' "the page's commands upgrade the operator"
  [[ $(operator_pods) != "$before" ]] || fail "the pod is the same"
  each_is_as_before "after an upgrade by kubectl"
}

is_migrating() {
  [[ $(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_stat_activity WHERE datname = 'shipped' AND wait_event = 'PgSleep'") == 1 ]]
}

chart_of() { in_the_operators_namespace get deployment tunetrail-operator --output='jsonpath={.metadata.labels.helm\.sh/chart} {.spec.replicas}'; }

the_release_is_upgraded_and_taken_back() {
  from_readme upgrade --set replicas=2 --set podDisruptionBudget.enabled=true --set podAnnotations.example/upgraded=yes
  expect "$(chart_of)" "$(helm show chart "$CHART" | sed -n 's/^version: /tunetrail-operator-/p') 2" "the release is upgraded"
  each_is_as_before "after an upgrade by Helm"
  from_readme rollback
  expect "$(chart_of)" "tunetrail-operator-0.0.9 1" "and taken back"
  expect "$(in_the_operators_namespace get poddisruptionbudgets --output=name)" "" "with what the upgrade brought"
  each_is_as_before "after the way back"
}

each_goes_on() {
  local job
  job=$(jobs shipped)
  psql_as_admin pg17 shipped 'CREATE TABLE public.go_on (); ALTER TABLE public.go_on OWNER TO shipped'
  await 90 "the migration is done" is_ready_at shipped 1
  expect "$(jobs shipped)" "$job" "by the Job that ran all the while"
  expect "$(works pg17 shipped)" 1 "and it counts once"
  psql_as_admin pg17 failed 'SET ROLE failed; CREATE TABLE bands (id int)'
  change failed '{"migration":{"retry":"again"}}'
  change paused '{"suspend":false}'
  change held "{\"approval\":{\"version\":\"1\",\"digest\":\"$DIGEST\",\"approvedBy\":\"ada\"}}"
  kc patch secret away --namespace="$NAMESPACE" --type=merge --patch='{"stringData":{"host":"pg17.databases"}}' > /dev/null
  await 60 "what was planned before the upgrades is approved and runs" is_ready_at held 1
  await 60 "what had failed is tried again" is_ready_at failed 2
  await 60 "what was suspended goes on" is_ready_at paused 1
  await 90 "what was away is found" is_ready_at away 1
}

a_backup_is_made() {
  change shipped '{"backup":{"schedule":"0 3 1 1 *","verification":{"suspend":true},"storage":{"persistentVolumeClaim":{"claimName":"backups"}}}}'
  await 30 "the CronJob of backups is there" has_cron_job
  kc create job shipped-now --from=cronjob/shipped-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "a backup is made" has_backup
  expect "$(in_the_operators_namespace logs deployment/tunetrail-operator |
    grep --invert-match "being terminated" | grep --ignore-case --count forbidden || true)" 0 \
    "the API server refused the operator nothing"
}

has_cron_job() { kc get cronjob shipped-backup --namespace="$NAMESPACE" > /dev/null; }

has_backup() { [[ -n $(status "$NAMESPACE" shipped .backup.lastSuccessful.name) ]]; }

# released: what of the release's kinds is there.
released() {
  kc get deployments,serviceaccounts,roles,rolebindings,poddisruptionbudgets,clusterroles,clusterrolebindings --all-namespaces \
    --selector="app.kubernetes.io/instance=$RELEASE" --output=name
}

what_users_have_outlives_the_release() {
  local archive
  archive=$(status "$NAMESPACE" shipped .backup.lastSuccessful.name)
  expect_match "$(released)" 'deployment.apps/tunetrail-operator.*role' "the release has objects"
  from_readme uninstall
  await 60 "the operator is gone" is_operator_gone
  expect "$(released)" "" "and so is all that was made for it"
  kc wait --for=condition=Established crd/tunetraildatabases.tunetrail.io crd/tunetrailrestores.tunetrail.io --timeout=10s > /dev/null
  expect "$(status "$NAMESPACE" shipped .migrationVersion)" 1 "the definitions and the resource stay"
  expect "$(tables pg17 shipped)" 2 "and the database"
  has_cron_job && pass "and the CronJob of backups"
  expect_match "$(in_volume ls -R /backups)" "$archive" "and the backup"
}

who_comes_after_goes_on() {
  install_again
  scripts shipped V1__songs.sql="$(kc get configmap shipped --namespace="$NAMESPACE" --output='jsonpath={.data.V1__songs\.sql}')" \
    V2__bands.sql='CREATE TABLE bands (id int);' | apply
  await 90 "an operator that is installed again goes on" is_ready_at shipped 2
}

fresh_namespace
a_claim_with_a_volume
trap clean_up EXIT
by_default_it_is_what_kubectl_installs
the_api_server_takes_what_each_value_set_makes
databases_are_in_every_state
it_is_upgraded_by_kubectl_as_its_page_says
what_kubectl_installed_is_taken_over
it_goes_and_comes_back_for_one_namespace
the_release_is_upgraded_and_taken_back
each_goes_on
a_backup_is_made
what_users_have_outlives_the_release
who_comes_after_goes_on
