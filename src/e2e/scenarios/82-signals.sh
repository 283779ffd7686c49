#!/bin/bash
# What the operator tells beside the status: health to who may ask, a log with fields and levels that change while it runs, one
# Event for each decision, signed notifications, which a receiver that is away neither loses nor delays the work, and traces.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/volumes.sh"
# shellcheck source=/dev/null
source "$E2E/receiver/receiver.sh"

HEALTH=http://tunetrail-operator.$OPERATOR_NAMESPACE:8080/health/databases
LEVELS=tunetrail-log-levels
# What an earlier run was told does not count.
SINCE=$(date --utc +%FT%TZ)

in_the_operators_namespace() { kc --namespace="$OPERATOR_NAMESPACE" "$@"; }
operator_pod() { in_the_operators_namespace get lease tunetrail-operator --output='jsonpath={.spec.holderIdentity}'; }

# log: the operator's, whose lines are objects; what the JVM itself says is none.
log() { in_the_operators_namespace logs "$(operator_pod)" | jq --raw-input --compact-output 'fromjson? // empty'; }

# logs FILTER: for await; a line of the log meets a filter of jq.
logs() { [[ -n $(log | jq --compact-output --arg ns "$NAMESPACE" "select($1)" | tee /dev/stderr) ]]; }

two_databases() {
  new_databases pg17 signal gospel
  psql_as_admin pg17 postgres 'DROP DATABASE IF EXISTS signal_back WITH (FORCE)'
  {
    binding signal pg17
    scripts signal V1__songs.sql='CREATE TABLE songs (id int); CREATE TABLE bands (id int);'
    flyway signal staging latest \
      'backup: {schedule: "0 3 * * *", verification: {suspend: true}, storage: {persistentVolumeClaim: {claimName: backups}}}'
    binding gospel pg17
    scripts gospel V1__voices.sql='CREATE TABLE voices (id int);'
    flyway gospel production latest | sed "s|{secretRef: {name: gospel}}|{secretRef: {name: gospel}, caRef: {configMap: {name: pg-ca}}}|"
  } | apply
  await 60 "a database in staging is migrated" is_ready_at signal 1
  await 60 "one in production waits for an approval" says gospel AwaitingApproval
}

# askers: a service account that may view the namespace, and one that may nothing.
askers() {
  kc create serviceaccount viewer --namespace="$NAMESPACE" > /dev/null
  kc create serviceaccount nobody --namespace="$NAMESPACE" > /dev/null
  kc create rolebinding viewer --namespace="$NAMESPACE" --clusterrole=view --serviceaccount="$NAMESPACE:viewer" > /dev/null
  VIEWER=$(kc create token viewer --namespace="$NAMESPACE")
  NOBODY=$(kc create token nobody --namespace="$NAMESPACE")
}

# health NAME: "CODE BODY", as the viewer is told.
health() { ask "$HEALTH/$NAMESPACE/$1" "$VIEWER"; }

# health_is NAME CODE FILTER: for await; the answer has this code, and its JSON meets the filter of jq.
health_is() {
  local answer
  answer=$(health "$1")
  echo "$answer"
  [[ ${answer%% *} == "$2" ]] && jq --exit-status "$3" <<< "${answer#* }" > /dev/null
}

who_may_read_a_resource_is_told_of_its_database() {
  local body
  await 30 "a migrated database is healthy" health_is signal 200 '.status == "healthy" and .writeAccess == "ok" and .tables == "ok"'
  body=$(health signal)
  body=${body#* }
  expect "$(jq --raw-output '"\(.migrationVersion) \(.tableCount) \(.edition) \(.environment) \(.initializationMethod)"' <<< "$body")" \
    "$(version pg17 signal) $(tables pg17 signal) commercial staging flyway" "with the version and tables that psql finds"
  expect "$(jq '.lookAgeSeconds >= 0 and .lookAgeSeconds < 60' <<< "$body")" true "by a look of the last minute"
  expect "$(jq --raw-output 'keys | map(select(test("host|user|password|secret"; "i"))) | length' <<< "$body")" 0 "and no secret"
  await 10 "a database without tables is not" health_is gospel 503 '.connection == "ok" and .tables == "failed" and .schema == "AwaitingApproval"'
}

nobody_else_is() {
  local url=$HEALTH/$NAMESPACE/signal
  expect_match "$(ask "$url")" '^401 \{"message":"[^"]*"\}' "who does not say who it is is told nothing"
  expect_match "$(ask "$url" made-up)" '^401 \{"message":"[^"]*"\}' "nor is a made-up token"
  expect_match "$(ask "$url" "$NOBODY")" '^403 \{"message":"[^"]*"\}' "nor a service account without rights"
  expect "$(ask "$HEALTH/$NAMESPACE/gone" "$NOBODY")" "$(ask "$url" "$NOBODY")" "not even what exists"
  expect "$(health gone | cut -d' ' -f1)" 404 "which who may look is told"
}

what_a_database_lacks_is_named() {
  psql_as_admin pg17 postgres 'ALTER DATABASE signal SET default_transaction_read_only = on'
  look_again signal
  await 40 "a database that takes no changes is unhealthy" health_is signal 503 '.connection == "ok" and .writeAccess == "failed" and (.message | test("read_only"))'
  psql_as_admin pg17 postgres 'ALTER DATABASE signal RESET default_transaction_read_only; ALTER ROLE signal NOLOGIN'
  look_again signal
  await 40 "so is one that lets the operator in no more" health_is signal 503 '.connection == "failed" and .writeAccess == "unknown"'
  psql_as_admin pg17 postgres 'ALTER ROLE signal LOGIN'
  look_again signal
  await 40 "and it is healthy again" health_is signal 200 '.status == "healthy"'
}

the_log_has_fields() {
  expect "$(logs '.kubernetes and .webhook == "receiver.databases:8443" and .health == "authenticated"' 2> /dev/null && echo told)" told \
    "the log begins with what the operator runs with"
  expect "$(logs '.namespace == $ns and .name == "signal" and .job and .generation == 1 and (.message | startswith("created Job"))' \
    2> /dev/null && echo told)" told "a Job's line has namespace, name, generation and Job"
  expect "$(logs '.namespace == $ns and .name == "signal" and .reason == "UpToDate" and .generation == 1' 2> /dev/null && echo told)" told \
    "and so has a change of the status"
  expect "$(logs '.namespace == $ns and .name == "gospel" and .environment == "production" and .edition == "commercial"' 2> /dev/null && echo told)" \
    told "each database is told of when it is seen first"
}

levels_change_while_it_runs() {
  local pods
  pods=$(operator_pods)
  trap 'in_the_operators_namespace delete configmap "$LEVELS" --ignore-not-found > /dev/null; remove_volume' EXIT
  in_the_operators_namespace create configmap "$LEVELS" --from-literal=io.tunetrail.operator.notification=debug > /dev/null
  sync_pod
  await 90 "a ConfigMap changes a level" logs '.message | test("log levels by .*notification=debug")'
  expect "$(operator_pods)" "$pods" "in the same process"
}

# Mounted ConfigMaps come within a minute or so; a change of the pod makes its node look at once.
sync_pod() { in_the_operators_namespace annotate pod "$(operator_pod)" --overwrite "example.org/synced=$(date +%s)" > /dev/null; }

# events: "KIND/NAME REASON: MESSAGE" of each that the operator told of the scenario's resources.
events() {
  kc get events --namespace="$NAMESPACE" --field-selector=reportingComponent=tunetrail-operator --output=json |
    jq --raw-output '.items[] | "\(.involvedObject.kind)/\(.involvedObject.name) \(.reason): \(.message)"'
}

each_decision_is_one_event() {
  local events told
  look_again gospel
  await 30 "it is looked at again" health_is gospel 503 '.lookAgeSeconds < 5'
  events=$(events)
  for told in Database/gospel\ AwaitingApproval Database/signal\ UpToDate Database/signal\ BackedUp Database/signal\ SchemaDrifted \
    Restore/back\ Restoring Restore/back\ Restored Restore/wrong\ InvalidRestore; do
    expect_match "$events" $'(^|\n)'"TuneTrail$told: " "an Event tells of $told"
  done
  expect "$(sort <<< "$events" | uniq --repeated)" "" "no Event is there twice"
}

# is_notified NAME PATTERN: for await.
is_notified() { notifications "$1" | tee /dev/stderr | grep --quiet --line-regexp --extended-regexp "$2"; }

all_kinds_are_notified_of() {
  await 40 "the migration's start is told" is_notified signal 'io.tunetrail.migration.started 1 true'
  await 10 "and its end" is_notified signal 'io.tunetrail.migration.succeeded 1 true'
  await 40 "an approval is asked for, again after the receiver could not" is_notified gospel 'io.tunetrail.approval.wanted 2 true'
  psql_as pg17 signal signal secret 'CREATE TABLE by_hand (id int)'
  await 30 "the CronJob of backups is there" kc get cronjob signal-backup --namespace="$NAMESPACE"
  kc create job signal-now --from=cronjob/signal-backup --namespace="$NAMESPACE" > /dev/null
  look_again signal
  await 60 "drift is told" is_notified signal 'io.tunetrail.drift.found 1 true'
  await 60 "a backup is told" is_notified signal 'io.tunetrail.backup.succeeded 1 true'
  expect "$(notifications signal | grep --count --invert-match ' 1 true$' || true)" 0 "each is signed by the receiver's key and told once"
  await 20 "the changed level shows their delivery" logs '.level == "DEBUG" and (.message | test("delivered io.tunetrail.backup.succeeded of " + $ns + "/signal"))'
}

# restore NAME DATABASE: by the newest backup, into a database beside the live one.
restore() {
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << YAML
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: $1}
spec: {databaseRef: {name: signal}, backup: {latest: Any}, into: {newDatabase: $2}}
YAML
}

restores_are_notified_of() {
  psql_as_admin pg17 postgres 'ALTER ROLE signal CREATEDB'
  restore back signal_back
  restore wrong signal
  await 60 "a restore's start is told" is_notified back 'io.tunetrail.restore.started 1 true'
  await 60 "and its end" is_notified back 'io.tunetrail.restore.succeeded 1 true'
  expect "$(tables pg17 signal_back)" "$(tables pg17 signal)" "which left as many tables as psql counts in the live one"
  await 10 "one that can't be done is told, too" is_notified wrong 'io.tunetrail.restore.failed 1 true'
  expect "$(notifications back | wc -l) $(notifications wrong | wc -l)" "2 1" "each once"
  psql_as_admin pg17 postgres 'ALTER ROLE signal NOCREATEDB'
}

a_receiver_that_is_away_delays_nothing() {
  receivers 0
  approve_plan gospel 1
  await 60 "a migration is approved and done meanwhile" is_ready_at gospel 1
  agrees gospel pg17
  receivers 1
  await 60 "its notification comes when the receiver does" is_notified gospel 'io.tunetrail.migration.succeeded [0-9]+ true'
  expect "$(kc get --raw "/api/v1/namespaces/$OPERATOR_NAMESPACE/pods/$(operator_pod):8080/proxy/metrics" |
    awk '/^tunetrail_notifications_total{outcome="delivered"}/ {print ($2 > 3)}')" 1 "and they are counted"
}

its_work_is_traced() {
  await 20 "the Job's span is told, from its creation to its end" is_traced ' job.? .*k8s.job.name.? signal-migrate-'
  await 20 "and the reconciles with the looks in them" is_traced ' look.? .* reconcile.? '
  expect_match "$(traced | head -n 1)" 'service.name tunetrail-operator' "by the operator's name"
}

is_traced() { [[ " $(traced | tr '\n' ' ') " =~ $1 ]]; }

receivers() {
  kc scale deployment/receiver --namespace=databases --replicas="$1" > /dev/null
  await 30 "there are $1 receivers" has_receivers "$1"
}

has_receivers() { [[ $(kc get deployment receiver --namespace=databases --output='jsonpath={.status.readyReplicas}') == "${1/#0/}" ]]; }

fresh_namespace
a_claim_with_a_volume
two_databases
askers
who_may_read_a_resource_is_told_of_its_database
nobody_else_is
the_log_has_fields
levels_change_while_it_runs
its_work_is_traced
all_kinds_are_notified_of
restores_are_notified_of
each_decision_is_one_event
what_a_database_lacks_is_named
a_receiver_that_is_away_delays_nothing
