#!/bin/bash
# A real Prometheus asks the operator by the Service of deploy/monitoring, and alerts fire for what is made to go wrong: a database
# that is away, a wrong password, a script that fails, a migration that takes its time, an approval that is waited for, a change by
# hand, an index that stayed invalid, a slow statement, one that takes longer than before, a database that grows, a backup that can't
# start, no operator and no leader. The others 81-dashboard makes, where backups, a restore, a lock and a refused login are.
# The rules are those that users install, but for how long they wait.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/prometheus/prometheus.sh"
# shellcheck source=/dev/null
source "$E2E/prometheus/kinds.sh"

# binding_of NAME [KEY=VALUE...]: database and role are called mon_….
binding_of() { binding "$1" pg17 database="${1//-/_}" username="${1//-/_}" "${@:2}"; }

# monitored NAME [KEY=VALUE...]: a database with one script, in staging.
monitored() {
  binding_of "$@"
  scripts "$1" V1__songs.sql='CREATE TABLE songs (id int); INSERT INTO songs SELECT generate_series(1, 1000);'
  flyway "$1" staging latest
}

the_pages_command_installs_it_for_prometheus_operator() {
  local command selector
  command=$(grep --extended-regexp '^kubectl apply -k deploy/monitoring/' "$ROOT/src/docs/measuring.md")
  kinds_of_prometheus_operator | kc apply --filename=- > /dev/null
  trap 'kinds_of_prometheus_operator | kc delete --wait=false --filename=- > /dev/null' EXIT
  kinds_of_prometheus_operator | kc wait --for=condition=Established --timeout=90s --filename=- > /dev/null
  (cd "$ROOT" && KUBECONFIG=$E2E_KUBECONFIG bash -euo pipefail -c "$command") > /dev/null
  selector=$(in_the_operators_namespace get servicemonitor tunetrail-operator --output=json |
    jq --raw-output '.spec.selector.matchLabels | to_entries | map("\(.key)=\(.value)") | join(",")')
  expect "$(in_the_operators_namespace get services --selector="$selector" --output='jsonpath={.items[*].spec.ports[*].name}')" \
    "$(in_the_operators_namespace get servicemonitor tunetrail-operator --output='jsonpath={.spec.endpoints[*].port}')" \
    "the ServiceMonitor finds the Service and its port"
  expect "$(in_the_operators_namespace get prometheusrule tunetrail --output=json | jq '[.spec.groups[].rules[]] | length')" \
    "$(grep --count ' alert: ' "$ROOT/deploy/monitoring/base/alerts.yaml")" "the PrometheusRule has every alert"
  kinds_of_prometheus_operator | kc delete --wait=false --filename=- > /dev/null
  trap - EXIT
}

in_the_operators_namespace() { kc --namespace="$OPERATOR_NAMESPACE" "$@"; }

all_is_well_at_first() {
  {
    monitored mon-songs
    monitored mon-away host=flaky.databases
    monitored mon-password
    monitored mon-drift
  } | apply
  local name
  for name in mon-songs mon-away mon-password mon-drift; do await 90 "$name is migrated" is_ready_at "$name" 1; done
  await 60 "what mon-drift has is recorded" condition_is "$NAMESPACE" mon-drift Drifted "False AsRecorded"
}

the_values_are_those_that_psql_finds() {
  look_again mon-songs
  await 40 "Prometheus has the size that psql finds" has_value tunetrail_database_size_bytes \
    "$(psql_as_admin pg17 postgres "SELECT pg_database_size('mon_songs')")"
  await 20 "and as many tables" has_value tunetrail_database_tables "$(tables pg17 mon_songs)"
  expect "$(query "tunetrail_database_info{namespace=\"$NAMESPACE\",name=\"mon-songs\",version=\"$(version pg17 mon_songs)\"}")" 1 \
    "and the version"
  expect "$(query "tunetrail_migrations_total{namespace=\"$NAMESPACE\",name=\"mon-songs\",outcome=\"Done\"}")" \
    "$(works pg17 mon_songs)" "and as many works as tunetrail.history"
}

# has_value METRIC VALUE: of mon-songs; a namespace is the database's and not the operator's.
has_value() {
  local value
  value=$(query "$1{namespace=\"$NAMESPACE\",name=\"mon-songs\"}")
  echo "$1 is '$value', not '$2'"
  [[ -n $value ]] && jq --exit-status --null-input "$value == $2" > /dev/null
}

much_goes_wrong() {
  close_the_way
  psql_as_admin pg17 mon_drift 'ALTER TABLE songs ADD COLUMN by_hand int'
  look_again mon-drift
  look_again mon-away
  {
    binding_of mon-password password=wrong
    binding_of mon-failed
    scripts mon-failed V1__songs.sql='CREATE TABLE songs (id nonsense);'
    flyway mon-failed staging latest
    binding_of mon-gated
    scripts mon-gated V1__songs.sql='CREATE TABLE songs (id int);'
    flyway mon-gated production latest 'migration: {approval: Version}'
  } | with_ca | apply
  look_again mon-password
  {
    binding_of mon-slow
    scripts mon-slow V1__songs.sql='SELECT pg_sleep(25);'
    flyway mon-slow staging latest
  } | apply
  change mon-songs '{"backup":{"schedule":"0 3 * * *","storage":{"persistentVolumeClaim":{"claimName":"missing"}}}}'
  await 30 "the CronJob of backups is there" has_cron_job
  kc create job mon-backup-now --from=cronjob/mon-songs-backup --namespace="$NAMESPACE" > /dev/null
}

# Production wants to know who signs the server's certificate.
with_ca() { sed 's/{secretRef: {name: mon-gated}}/{secretRef: {name: mon-gated}, caRef: {configMap: {name: pg-ca}}}/'; }

has_cron_job() { kc get cronjob mon-songs-backup --namespace="$NAMESPACE" > /dev/null; }

each_is_told() {
  await 60 "a migration that takes its time" is_firing TuneTrailMigrationStuck mon-slow
  await 60 "a script that failed" is_firing TuneTrailMigrationFailed mon-failed
  await 30 "it waits for somebody" is_firing TuneTrailStalled mon-failed
  await 60 "an approval that is waited for" is_firing TuneTrailApprovalWaiting mon-gated
  await 60 "a change by hand" is_firing TuneTrailSchemaDrifted mon-drift
  await 60 "a wrong password" is_firing TuneTrailLoginRefused mon-password
  await 60 "a database that is away" is_firing TuneTrailDatabaseUnreachable mon-away
  await 60 "a backup that can't start" is_firing TuneTrailBackupFailed mon-songs
  await 60 "a database that can't be looked at again and again" is_firing_after_another_look TuneTrailConnectionFailuresRising mon-away
  expect "$(alerts_of mon-away | grep --count LoginRefused || true)" 0 "a database that is away has refused nobody"
  expect "$(from_prometheus rules | jq --raw-output '[.data.groups[].rules[].health] | unique | join(" ")')" ok "no rule has an error"
}

# is_firing_after_another_look ALERT NAME
is_firing_after_another_look() {
  look_again "$2"
  is_firing "$@"
}

# On mon-drift, which is not as it was recorded anyway. The statement takes three times what any of a cold server's does.
load_is_told() {
  psql_as_admin pg17 mon_drift 'SELECT pg_sleep(2.4)' > /dev/null
  psql_as_admin pg17 mon_drift 'INSERT INTO songs SELECT generate_series(1, 300000)'
  if psql_as_admin pg17 mon_drift 'CREATE UNIQUE INDEX CONCURRENTLY once ON songs (id)' 2> /dev/null; then
    fail "songs has each number once, so that no index can fail"
  fi
  look_again mon-drift
  await 40 "a database that grows" is_firing TuneTrailDatabaseGrowing mon-drift
  await 40 "statements that take longer than they used to" is_firing TuneTrailStatementTimesUnusual mon-drift
  await 40 "a slow statement" is_firing TuneTrailSlowStatements mon-drift
  await 40 "an index that stayed invalid" is_firing TuneTrailInvalidIndexes mon-drift
}

what_is_mended_is_told_no_more() {
  open_the_way
  binding_of mon-password | apply
  change mon-songs '{"backup":null}'
  look_again mon-password
  await 60 "the database is back" is_not_firing TuneTrailDatabaseUnreachable mon-away
  await 60 "the password is right" is_not_firing TuneTrailLoginRefused mon-password
  await 60 "nothing is wrong with the first any more" has_no_alert mon-songs
}

has_no_alert() {
  local firing
  firing=$(alerts_of "$1") || return 1
  echo "$firing"
  [[ -z $firing ]]
}

fault_60_a_deleted_resources_series_are_gone() {
  expect_match "$(query "count({namespace=\"$NAMESPACE\",name=\"mon-failed\"})")" '^[1-9][0-9]+$' "a resource has series"
  kc delete tunetraildatabase mon-failed --namespace="$NAMESPACE" > /dev/null
  await 20 "deleted it has none" has_no_series mon-failed
  await 20 "and its alerts are over" has_no_alert mon-failed
}

has_no_series() {
  local series
  series=$(query "count({namespace=\"$NAMESPACE\",name=\"$1\",__name__!~\"ALERTS.*\"})") || return 1
  echo "$series series"
  [[ -z $series ]]
}

an_operator_that_is_down_is_told() {
  is_not_firing TuneTrailOperatorDown > /dev/null || fail "an operator that works is said to be down"
  stop_operator
  await 60 "no operator is heard of" is_firing TuneTrailOperatorDown
  start_operator
  await 60 "it is back" is_not_firing TuneTrailOperatorDown
  await 30 "one leads" operator_leads
  await 30 "and tells of the databases again" has_value tunetrail_database_up 1
}

# The operator's own Lease says that somebody holds it of whom nothing is heard.
nobody_leads() {
  is_not_firing TuneTrailNoLeader > /dev/null || fail "an operator that leads is said not to"
  in_the_operators_namespace patch lease tunetrail-operator --type=merge --patch="{\"spec\":{\"holderIdentity\":\"nobody\",
    \"leaseDurationSeconds\":30,\"renewTime\":\"$(date --utc +%Y-%m-%dT%H:%M:%S.%6NZ)\"}}" > /dev/null
  await 60 "operators run and none of them works" is_firing TuneTrailNoLeader
  await 60 "one leads when nothing was heard for too long" operator_leads
  await 30 "and no alert says otherwise" is_not_firing TuneTrailNoLeader
}

fresh_namespace
make_the_way
new_databases pg17 mon_songs mon_away mon_password mon_drift mon_failed mon_gated mon_slow
psql_as_admin pg17 mon_drift 'CREATE EXTENSION pg_stat_statements; SELECT FROM pg_stat_statements_reset()' > /dev/null
the_pages_command_installs_it_for_prometheus_operator
prometheus_asks_the_operator
all_is_well_at_first
the_values_are_those_that_psql_finds
much_goes_wrong
each_is_told
load_is_told
what_is_mended_is_told_no_more
fault_60_a_deleted_resources_series_are_gone
an_operator_that_is_down_is_told
nobody_leads
