#!/bin/bash
# kubectl tunetrail on a database in production: seen, approved in one's own name, tried again, waited for, documented; and a
# plan that somebody asks for where none would be made.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/image.d/runtime.sh"

FENCE=$((0x74756e6574726131)) # AdvisoryLocks.FENCE
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
PATH=$ROOT/src/main/bin:$PATH
export TUNETRAIL_APPLICATION=${APP_DIR:-$ROOT/target}
JAVA_HOME=$(find_jdk)
export JAVA_HOME

# account NAME ROLE: a ServiceAccount with a role in the namespace, and a kubeconfig with its token.
account() {
  kc create serviceaccount "$1" --namespace="$NAMESPACE" > /dev/null
  kc create rolebinding "$1" --namespace="$NAMESPACE" --clusterrole="$2" --serviceaccount="$NAMESPACE:$1" > /dev/null
  kc config view --raw --minify --flatten > "$FOLDER/$1"
  kubectl --kubeconfig="$FOLDER/$1" config set-credentials person --token="$(kc create token "$1" --namespace="$NAMESPACE")" > /dev/null
  kubectl --kubeconfig="$FOLDER/$1" config set-context --current --user=person --namespace="$NAMESPACE" > /dev/null
}

# as ACCOUNT ARGUMENT...: the plugin, as kubectl finds it.
as() { KUBECONFIG=$FOLDER/$1 kubectl tunetrail "${@:2}"; }

# ends CODE PATTERN ACCOUNT ARGUMENT...: ends so, and says so.
ends() {
  local said code=0
  said=$(as "${@:3}" 2>&1) || code=$?
  echo "$said"
  expect "$code" "$1" "${*:4} ends with $1"
  expect_match "$said" "$2" "${*:4} says it"
}

# with_scripts [FILE=SQL...]
with_scripts() {
  scripts curtain V1__halls.sql='CREATE TABLE halls (id int);' V2__seats.sql='CREATE TABLE seats (id int);' "$@" | apply
}

two_people_and_a_database() {
  new_databases pg17 curtain
  account approver edit
  account viewer view
  binding curtain pg17 | apply
  with_scripts
  resource curtain << 'YAML' | apply
edition: enterprise
environment: production
connection: {secretRef: {name: curtain}, caRef: {configMap: {name: pg-ca}}}
schema: {flyway: {configMaps: [{name: curtain}]}}
YAML
}

what_waits_is_shown() {
  ends 0 'AwaitingApproval' viewer wait curtain --for approval --timeout 90s
  ends 0 'Edition: +enterprise, production.*Database: +none.*Target: +latest, now 2.*1 +halls.*2 +seats.*Digest: sha256' \
    viewer status curtain
  ends 0 'curtain +enterprise +production +- +2 +2 +AwaitingApproval' viewer status
  expect "$(as viewer status curtain --output=json | jq --raw-output .status.pendingDigest)" \
    "$(status "$NAMESPACE" curtain .pendingDigest)" "as JSON it has what the resource has"
}

only_who_may_approves_and_in_their_own_name() {
  local approver=system:serviceaccount:$NAMESPACE:approver
  ends 1 'there is no terminal to ask on; say --yes' approver approve curtain
  ends 1 'the API server refuses it.*cannot patch' viewer approve curtain --yes
  expect "$(jobs curtain)" "" "nothing has run"
  ends 0 'none → 2.*1 +halls.*version 2 is approved' approver approve curtain --yes --comment="opening night"
  ends 0 'at version 2' viewer wait curtain --for version=2 --timeout 90s
  agrees curtain pg17
  expect "$(psql_as_admin pg17 curtain 'SELECT approved_by FROM tunetrail.history')" "$approver" "the database knows who approved"
  ends 0 "- +2 +Done.*$approver" viewer history curtain
  ends 1 'nothing of curtain waits for an approval' approver approve curtain --yes
}

what_failed_is_tried_again() {
  with_scripts V3__guests.sql='INSERT INTO guests VALUES (1);'
  ends 0 'V3__guests.sql' approver wait curtain --for approval --timeout 60s
  ends 0 'version 3 is approved' approver approve curtain --yes
  ends 4 'MigrationFailed.*relation .*guests.* does not exist' approver wait curtain --timeout 90s
  psql_as_admin pg17 curtain 'SET ROLE curtain; CREATE TABLE guests (id int)'
  ends 0 'migration.retry is 20' approver retry curtain
  ends 0 'at version 3' approver wait curtain --timeout 90s
  expect "$(psql_as_admin pg17 curtain 'SELECT id FROM guests')" 1 "psql finds what the script did"
}

what_is_rejected_says_why() {
  with_scripts V3__guests.sql='INSERT INTO guests VALUES (1);' V4__wings.sql='CREATE TABLE wings ();'
  ends 5 'AwaitingApproval' approver migrate curtain --to 4 --timeout 60s
  ends 0 'its approval is taken away' approver reject curtain --comment="no wings"
  ends 0 "Rejected by: +system:serviceaccount:$NAMESPACE:approver.*Because: +no wings" viewer status curtain
  expect "$(version pg17 curtain)" 3 "psql finds that it did not run"
}

wings() {
  scripts wings V1__wings.sql='CREATE TABLE wings (id int);' "$@" | apply
}

suspended_wings() {
  resource wings << 'YAML' | apply
edition: commercial
environment: staging
suspend: true
connection: {secretRef: {name: wings}}
schema: {flyway: {configMaps: [{name: wings}]}}
YAML
}

# The answer is the request's own, told once; the spec is as it was.
a_plan_is_made_when_somebody_asks_for_it() {
  new_databases pg17 wings
  binding wings pg17 | apply
  wings
  suspended_wings
  await 60 "wings is suspended" says wings Suspended
  ends 0 'no plan, only a list of what would run:.*1 +wings.*plan wings --now' viewer plan wings
  ends 1 'the API server refuses it.*cannot patch' viewer plan wings --now
  ends 0 'wings: none → 1.*V1__wings.sql.*CREATE TABLE wings \(id int\);' approver plan wings --now --timeout 90s
  ends 0 'CREATE TABLE wings' viewer plan wings
  expect "$(kc get ttdb wings --namespace="$NAMESPACE" --output='jsonpath={.metadata.generation}')" 1 "the spec is as it was"
  expect "$(psql_as_admin pg17 wings "SELECT to_regclass('wings') IS NULL")" t "psql finds that nothing ran"
  says wings Suspended || fail "a plan is not made for good"
}

a_request_is_answered_once() {
  local asked
  asked=$(status "$NAMESPACE" wings .planRequest.request)
  wings V2__halls.sql='CREATE TABLE halls (id int);'
  suspended_wings
  await 60 "the plan of what was pending is gone" pending_without_plan wings 2
  expect "$(status "$NAMESPACE" wings '.planRequest.request}/{.status.planRequest.outcome')" "$asked/Planned" \
    "the request stays answered, though the manifest was applied again without it"
  change wings '{"suspend":false}'
  await 90 "what comes later runs by itself" is_ready_at wings 2
  agrees wings pg17
  expect "$(jobs_of_plans wings)" 1 "one Job made a plan"
  kc annotate ttdb wings --namespace="$NAMESPACE" --overwrite tunetrail.io/plan-requested=again > /dev/null
  await 30 "any client's request is answered, here that nothing is pending" tells_nothing_pending wings again
}

# pending_without_plan NAME COUNT
pending_without_plan() {
  [[ $(status "$NAMESPACE" "$1" '.pendingCount}/{.status.plan.digest') == "$2/" ]]
}

tells_nothing_pending() {
  [[ $(status "$NAMESPACE" "$1" '.planRequest.request}/{.status.planRequest.outcome') == "$2/NothingPending" ]]
}

# jobs_of_plans NAME: how many there were, by Kubernetes' own events of their pods.
jobs_of_plans() {
  kc get events --namespace="$NAMESPACE" --field-selector=involvedObject.kind=Job,reason=SuccessfulCreate \
    --output='jsonpath={range .items[*]}{.involvedObject.name}{"\n"}{end}' | grep -c "^$1-plan-"
}

what_the_database_holds_is_documented() {
  local image
  image=$(kc get deployments --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={.items[0].spec.template.spec.containers[0].image}')
  ends 0 '# curtain.*erDiagram.* seats \{.*integer id.*## guests.*\| id \| integer \|' \
    approver schema curtain --image="$image"
  ends 1 'you may not read the operator' viewer schema curtain
  expect "$(examinations)" 0 "no Job is left"
}

examinations() {
  kc get jobs --namespace="$NAMESPACE" --selector=tunetrail.io/task=examine --output=name | wc -l
}

HEALTHY='OK +cluster.*OK +clock.*OK +definition.*OK +your rights.*OK +operator.*OK +its rights.*OK +secret.*OK +state.*OK +database.*'
HEALTHY+='OK +jobs.*OK +server +PostgreSQL 17.*as curtain.*OK +privileges.*OK +history.*WARN +scratch.*CREATEDB.*extensions.*'
HEALTHY+='OK +lock +nobody.*OK +server clock'

the_doctor_finds_nothing_amiss() {
  kc config view --raw --minify --flatten > "$FOLDER/admin"
  kubectl --kubeconfig="$FOLDER/admin" config set-context --current --namespace="$NAMESPACE" > /dev/null
  await 30 "the operator sees curtain" condition_is "$NAMESPACE" curtain DatabaseReachable "True Reachable"
  ends 0 "$HEALTHY" admin doctor curtain
  ends 0 'WARN +definition +you may not read.*WARN +secret +you may not read Secret curtain.*WARN +server +is not asked: you may not read' \
    viewer doctor curtain
  what_is_amiss_in_the_database_is_told_too
  expect "$(examinations)" 0 "no Job is left"
  kc delete secret curtain --namespace="$NAMESPACE" > /dev/null
  ends 1 'FAIL +secret +there is no Secret curtain' admin doctor curtain
}

what_is_amiss_in_the_database_is_told_too() {
  psql_as_admin pg17 curtain 'ALTER SCHEMA public OWNER TO postgres; ALTER ROLE curtain CREATEDB'
  hold pg17 curtain "SELECT pg_advisory_lock($FENCE)"
  ends 1 'FAIL +privileges +may not create in schema public.*GRANT CREATE, USAGE ON SCHEMA public TO curtain;.*OK +scratch.*WARN +lock +holds curtain works on the database' \
    admin doctor curtain
  let_go pg17 curtain
  psql_as_admin pg17 curtain 'ALTER SCHEMA public OWNER TO pg_database_owner'
}

fresh_namespace
two_people_and_a_database
what_waits_is_shown
only_who_may_approves_and_in_their_own_name
what_failed_is_tried_again
what_is_rejected_says_why
a_plan_is_made_when_somebody_asks_for_it
a_request_is_answered_once
what_the_database_holds_is_documented
the_doctor_finds_nothing_amiss
