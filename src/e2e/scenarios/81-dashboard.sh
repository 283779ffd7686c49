#!/bin/bash
# Each query of the dashboards, asked of a real Prometheus that reads the operator, finds something. What only shows when
# something is wrong is made to go wrong: a database that is away, a refused password, a lock that is held, backups that can't be
# written, verified, or were missed or cut, a restore that can't be, a change by hand, an approval that is waited for, a status that
# can't be written, a notification that is refused; and what has an alert is told. The answers are kept, for the picture in src/docs.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"
# shellcheck source=/dev/null
source "$E2E/prometheus/prometheus.sh"

FOLDER=/backups/dash-songs
STARTED=$(date +%s)
ANSWERS=$ROOT/target/e2e/dashboard.jsonl
SONGS="CREATE TABLE songs (id int PRIMARY KEY, title text); INSERT INTO songs SELECT n, 'song ' || n FROM generate_series(1, 1000) n;"

# to NAME [KEY=VALUE...]: a Secret for database dash_songs of pg17.
to() { binding "$1" pg17 database=dash_songs "${@:2}"; }

production() {
  to dash-songs username=dash_songs
  to dash-monitor username=dash_monitor
  to dash-scratch username=dash_scratch database=dash_scratch
  scripts dash-songs V1__songs.sql="$SONGS"
  resource dash-songs << 'YAML'
edition: commercial
environment: production
approval: {version: "1"}
targetVersion: "1"
connection: {secretRef: {name: dash-songs}, caRef: {configMap: {name: pg-ca}}}
monitoring: {secretRef: {name: dash-monitor}}
schema: {flyway: {configMaps: [{name: dash-songs}]}}
migration: {approval: Version, lockTimeout: 1s}
scratch: {connection: {secretRef: {name: dash-scratch}, caRef: {configMap: {name: pg-ca}}}}
backup: {schedule: "0 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}
YAML
}

nobody_answers_there() {
  binding dash-away pg17 port=1
  scripts dash-away V1__songs.sql='CREATE TABLE songs (id int);'
  flyway dash-away staging latest 'backup: {schedule: "0 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}'
}

has() { [[ -n $(status "$NAMESPACE" dash-songs "$1") ]]; }

# back_up JOB: and wait until it is told.
back_up() {
  local before
  before=$(status "$NAMESPACE" dash-songs .backup.lastSuccessful.name)
  kc create job "$1" --from=cronjob/dash-songs-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "backup $1 is made" is_after "$before"
}

is_after() { [[ $(status "$NAMESPACE" dash-songs .backup.lastSuccessful.name) != "$1" ]]; }

migrated_and_backed_up() {
  { production; nobody_answers_there; } | apply
  await 60 "the database is migrated" is_ready_at dash-songs 1
  await 30 "and measured by a login of its own" condition_is "$NAMESPACE" dash-songs Monitored "True Measured"
  back_up first
  await 60 "the backup is verified" has .backup.lastVerified.name
}

# As if both, Kubernetes and the operator, had been away for two days.
a_backup_is_missed() {
  await 30 "the times of backups are counted" counts dash-away
  kc patch tunetraildatabase dash-away --namespace="$NAMESPACE" --subresource=status --type=merge \
    --patch="{\"status\":{\"backup\":{\"countedUntil\":\"$(date --utc --date='2 days ago' +%FT%TZ)\"}}}" > /dev/null
  look_again dash-away
  await 30 "one that was not begun is told" is_firing TuneTrailBackupMissed dash-away
}

counts() { [[ -n $(status "$NAMESPACE" "$1" .backup.countedUntil) ]]; }

a_backup_can_not_be_verified() {
  psql_as_admin pg17 postgres "ALTER ROLE dash_scratch NOCREATEDB"
  back_up unsure
  await 60 "a backup that can't be restored to see is told" is_firing TuneTrailBackupUnverified dash-songs
  psql_as_admin pg17 postgres "ALTER ROLE dash_scratch CREATEDB"
}

backups_go_wrong() {
  change dash-songs '{"backup":{"verification":{"suspend":true}}}'
  back_up second
  in_volume bash -c "truncate --size=1000 $FOLDER/$(status "$NAMESPACE" dash-songs .backup.lastSuccessful.name).dump"
  change dash-songs '{"backup":{"verification":{"suspend":null}}}'
  await 60 "a backup that was cut is found and told" is_firing TuneTrailVerificationFailed dash-songs
  in_volume bash -c "chown -R 0:0 $FOLDER && chmod -R go-w $FOLDER"
  kc create job third --from=cronjob/dash-songs-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "a backup can't be written" has .backup.lastFailure.job
}

a_lock_is_held() {
  hold pg17 dash_songs 'LOCK TABLE songs IN ACCESS SHARE MODE'
  scripts dash-songs V1__songs.sql="$SONGS" V2__born.sql='ALTER TABLE songs ADD born date;' V3__died.sql='ALTER TABLE songs ADD died date;' | apply
  change dash-songs '{"targetVersion":"2","approval":{"version":"2"}}'
  await 60 "a migration waits for a lock in vain" last_outcome_is LockTimeout
  await 60 "that it does so again and again is told" is_firing TuneTrailTimeouts dash-songs
  let_go pg17 dash_songs
  await 90 "and goes on" is_ready_at dash-songs 2
}

last_outcome_is() { [[ $(status "$NAMESPACE" dash-songs .lastMigration.outcome) == "$1" ]]; }

passwords_are_refused() {
  psql_as_admin pg17 postgres "ALTER ROLE dash_monitor PASSWORD 'other'"
  look_again dash-songs
  await 30 "a login for monitoring that is refused is told" is_firing TuneTrailMonitoringFailed dash-songs
  psql_as_admin pg17 postgres "ALTER ROLE dash_monitor PASSWORD 'secret'; ALTER ROLE dash_songs PASSWORD 'other'"
  look_again dash-songs
  await 60 "a password is refused" condition_is "$NAMESPACE" dash-songs DatabaseReachable "False AuthenticationFailed"
  psql_as_admin pg17 postgres "ALTER ROLE dash_songs PASSWORD 'secret'"
}

# Somebody's policy has it that no status of the scenario's namespace is written.
a_policy() {
  cat << YAML
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: $NAMESPACE}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [tunetrail.io], apiVersions: ["*"], operations: [UPDATE], resources: [tunetraildatabases/status]}]
  validations: [{expression: "false", message: no status is written here}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: $NAMESPACE}
spec:
  policyName: $NAMESPACE
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: $NAMESPACE}}}
YAML
}

is_in_force() {
  ! kc patch tunetraildatabase dash-songs --namespace="$NAMESPACE" --subresource=status --type=merge --dry-run=server \
    --patch='{"status":{"tableCount":9}}' 2>&1
}

no_status_can_be_written() {
  trap 'a_policy | kc delete --ignore-not-found --filename=- > /dev/null; remove_volume' EXIT
  a_policy | kc apply --filename=- > /dev/null
  await 30 "a policy has it that no status is written" is_in_force
  change dash-songs '{"targetVersion":"3"}'
  await 60 "that reconciliations fail is told" is_firing_after_another_look TuneTrailReconcileErrors dash-songs
  a_policy | kc delete --filename=- > /dev/null
}

# is_firing_after_another_look ALERT NAME: the alert is about no resource in particular.
is_firing_after_another_look() {
  look_again "$2"
  is_firing "$1"
}

an_approval_is_waited_for() {
  await 60 "the policy is gone" is_not_in_force
  look_again dash-songs
  await 60 "an approval is waited for" says dash-songs AwaitingApproval
}

is_not_in_force() { ! is_in_force; }

# One can't be, for the live database is where it is to go; another waits for its approval.
restores_are_asked_for() {
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << 'YAML'
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: dash-unwanted}
spec: {databaseRef: {name: dash-songs}, backup: {latest: Any}, into: {newDatabase: dash_songs}}
---
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: dash-back}
spec: {databaseRef: {name: dash-songs}, backup: {latest: Any}, into: {inPlace: {}}, admin: {secretRef: {name: dash-scratch}}}
YAML
  await 60 "a restore that fails is told" is_firing TuneTrailRestoreFailed dash-unwanted
  await 30 "one that waits for its approval is measured, too" has_some \
    "tunetrail_restore_phase{namespace=\"$NAMESPACE\",name=\"dash-back\",phase=\"AwaitingApproval\"} == 1"
  await 30 "and is not said to fail" is_not_firing TuneTrailRestoreFailed dash-back
}

# Of the restores.
a_notification_is_refused() {
  await 90 "a notification that its receiver refuses is told" is_firing TuneTrailNotificationsDropped
}

# What is measured of the server: somebody receives its WAL, and a statement is slow; the extension is a change by hand, and a column is another.
the_server_has_something_to_tell() {
  kc exec --namespace=databases deployment/pg17 --container=postgres -- \
    pg_receivewal --no-loop --directory=/tmp --host=/tmp --username=postgres > /dev/null 2>&1 &
  psql_as_admin pg17 dash_songs "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
    ALTER TABLE songs ADD by_hand int; SELECT pg_sleep(0.3)" > /dev/null
  look_again dash-songs
  await 60 "a change by hand is noticed" condition_is "$NAMESPACE" dash-songs Drifted "True SchemaDrifted"
  await 60 "Prometheus has the slowest statement" has_series tunetrail_database_slowest_statement_mean_seconds
  await 60 "and the replica that is farthest behind" has_series tunetrail_database_replication_lag_bytes
  psql_as_admin pg17 postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_receivewal'" > /dev/null
  kc exec --namespace=databases deployment/pg17 --container=postgres -- bash -c 'rm -f /tmp/0000*'
}

has_series() { has_some "$1{namespace=\"$NAMESPACE\",name=\"dash-songs\"}"; }

# has_some EXPRESSION
has_some() { [[ -n $(query "$1") ]]; }

# in_range EXPRESSION: what it was from the scenario's beginning until now, as Prometheus' API tells it.
in_range() {
  kc get --raw "/api/v1/namespaces/$NAMESPACE/pods/$POD:9090/proxy/api/v1/query_range?start=$STARTED&end=$NOW&step=2&query=$(
    jq --raw-input --raw-output @uri <<< "$1")" | jq --compact-output .data.result
}

each_panel_shows_something() {
  local query expression
  POD=$(prometheus_pod) NOW=$(date +%s)
  while read -r query; do
    expression=$(jq --raw-output .expr <<< "$query")
    in_range "$expression" | jq --compact-output --argjson query "$query" '$query + {result: .}'
  done < <(dashboard_queries dash-songs) > "$ANSWERS"
  expect "$(wc -l < "$ANSWERS")" "$(dashboard_queries | wc -l)" "each query is answered"
  expect "$(jq --raw-output 'select([.result[].values[][1] | select(. != "NaN")] == []) | "\(.dashboard): \(.panel): \(.expr)"' "$ANSWERS")" \
    "" "each query of the dashboards finds something"
}

# The variables' own queries: what Grafana offers to choose from.
the_variables_offer_what_there_is() {
  expect_match "$(from_prometheus 'label/namespace/values?match%5B%5D=tunetrail_database_info' | jq --raw-output '.data | join(" ")')" \
    "(^| )$NAMESPACE( |$)" "a namespace can be chosen"
  expect "$(from_prometheus "label/name/values?match%5B%5D=$(jq --raw-input --raw-output @uri <<< "tunetrail_database_info{namespace=\"$NAMESPACE\"}")" |
    jq --raw-output '.data | join(" ")')" "dash-away dash-songs" "and its databases"
}

grafana_finds_them() {
  local found
  found=$(kc get configmaps --namespace="$OPERATOR_NAMESPACE" --selector=grafana_dashboard=1 --output=json)
  expect "$(jq --raw-output '.items[] | select(.metadata.name == "tunetrail-dashboards") | .data[] | fromjson | .uid' <<< "$found" | xargs)" \
    "tunetrail-database tunetrail-fleet" "a ConfigMap has the dashboards, with the label that Grafana's sidecar looks for"
}

fresh_namespace
a_claim_with_a_volume
new_databases pg17 dash_songs dash_scratch
psql_as_admin pg17 postgres "ALTER ROLE dash_scratch CREATEDB"
if [[ -z $(psql_as_admin pg17 postgres "SELECT 1 FROM pg_roles WHERE rolname = 'dash_monitor'") ]]; then
  psql_as_admin pg17 postgres "CREATE ROLE dash_monitor"
fi
psql_as_admin pg17 postgres "ALTER ROLE dash_monitor LOGIN PASSWORD 'secret'; GRANT pg_read_all_stats TO dash_monitor"
prometheus_asks_the_operator
grafana_finds_them
migrated_and_backed_up
a_backup_is_missed
a_backup_can_not_be_verified
backups_go_wrong
a_lock_is_held
passwords_are_refused
no_status_can_be_written
an_approval_is_waited_for
restores_are_asked_for
a_notification_is_refused
the_server_has_something_to_tell
the_variables_offer_what_there_is
each_panel_shows_something
