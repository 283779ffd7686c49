#!/bin/bash
# A PostgreSQL that goes away and comes back, and a password that changes, need no restart of the operator.
# Lane: frail
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

fault_16_before_a_migration() {
  close_the_way
  {
    binding away "$FRAIL" host=flaky.databases
    scripts away V1__songs.sql='CREATE TABLE songs ();'
    flyway away staging latest
  } | apply
  await 90 "a server that is away is named" says away DatabaseUnreachable 'flaky.databases'
  open_the_way
  await 90 "it is migrated when the server is back" is_ready_at away 1
  agrees away "$FRAIL"
}

# A killed backend makes PostgreSQL end every session and recover, as after a crash; that which holds the script up goes with them.
fault_16_during_a_migration() {
  hold "$FRAIL" away 'SELECT'
  scripts away V1__songs.sql='CREATE TABLE songs ();' V2__slow.sql="CREATE TABLE slow (); $(until_let_go away)" | apply
  await 90 "the migration works" is_sleeping "$FRAIL" 'tunetrail/away-%'
  kc exec --namespace=databases "deployment/$FRAIL" --container=postgres -- bash -c "kill -KILL $(psql_as_admin "$FRAIL" postgres \
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND application_name LIKE 'tunetrail/away-%'")"
  await 20 "$FRAIL has recovered" psql_as_admin "$FRAIL" postgres 'SELECT 1'
  await 90 "the migration is run again by itself" is_ready_at away 2
  expect "$(psql_as_admin "$FRAIL" away 'SELECT count(*) FROM flyway_schema_history WHERE success')" 2 "psql finds each version once"
  agrees away "$FRAIL"
}

fault_16_after_a_migration() {
  local jobs_before
  jobs_before=$(jobs away)
  restart_server
  look_again away
  await 60 "$FRAIL answers again" psql_as_admin "$FRAIL" postgres 'SELECT 1'
  await 10 "the resource is ready" is_ready_at away 2
  expect "$(jobs away)" "$jobs_before" "no Job was started for it"
  kc rollout status "deployment/$FRAIL" --namespace=databases --timeout=180s > /dev/null
}

# A look may still come through before the node knows that the way is closed.
looked_at_it_says() {
  look_again "$1"
  says "$@"
}

fault_16_ready_within_10_s_of_the_return() {
  close_the_way
  await 90 "the server is away again" looked_at_it_says away DatabaseUnreachable
  expect "$(status "$NAMESPACE" away .migrationVersion)" 2 "the status keeps what it knew"
  open_the_way
  within 10 "within 10 s of its return the resource is ready" is_ready_at away 2
}

ready_since() {
  kc get ttdb rotated --namespace="$NAMESPACE" --output='jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastTransitionTime}{end}'
}

refusals() { kc logs "deployment/$FRAIL" --namespace=databases | grep -c 'authentication failed for user "rotated"' || true; }

is_refused_since() { (($(refusals) > $1)); }

# rotates PASSWORD FIRST SECOND: changes it on one side, then on the other; a look in between is refused.
rotates() {
  local since jobs_before refused
  since=$(ready_since)
  jobs_before=$(jobs rotated)
  refused=$(refusals)
  "$2" "$1"
  change rotated "{\"migration\":{\"retry\":\"$1\"}}"
  await 10 "PostgreSQL refuses the operator between $2 and $3" is_refused_since "$refused"
  "$3" "$1"
  await 10 "the new password is used" is_ready_at rotated 1
  expect "$(ready_since)" "$since" "it was ready all the time"
  expect "$(jobs rotated)" "$jobs_before" "no Job was started"
}

rotate_in_postgresql() { psql_script "$FRAIL" <<< "ALTER ROLE rotated PASSWORD '$1';"; }
rotate_in_the_secret() { binding rotated "$FRAIL" password="$1" | apply; }

fault_26_password_rotated() {
  {
    binding rotated "$FRAIL"
    scripts rotated V1__songs.sql='CREATE TABLE songs ();'
    flyway rotated staging latest
  } | apply
  await 90 "the resource is ready" is_ready_at rotated 1
  rotates second rotate_in_postgresql rotate_in_the_secret
  rotates third rotate_in_the_secret rotate_in_postgresql
  scripts rotated V1__songs.sql='CREATE TABLE songs ();' V2__jobs.sql='CREATE TABLE jobs ();' | apply
  await 90 "a Job works with the new password too" is_ready_at rotated 2
  agrees rotated "$FRAIL"
}

fresh_namespace
deploy_the_frail_server
make_the_way "$FRAIL"
new_databases "$FRAIL" away rotated
operator=$(operator_pods)
fault_16_before_a_migration
fault_16_during_a_migration
fault_16_after_a_migration
fault_16_ready_within_10_s_of_the_return
fault_26_password_rotated
expect "$(operator_pods)" "$operator" "the operator was never restarted"
