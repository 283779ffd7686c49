#!/bin/bash
# Faults while Alembic runs in the application's image: the server restarts, a lock is held, the pod is killed, the guard
# loses its lock.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SLEEP=9de7e329bac6
INDEX=066f3f7b5b71

is_asleep() {
  [[ $(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1' AND wait_event = 'PgSleep'") != 0 ]]
}

# pod_of NAME: the pod of its newest Job.
pod_of() {
  kc get pods --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=migrate" \
    --sort-by=.metadata.creationTimestamp --output='jsonpath={.items[-1:].metadata.name}'
}

fault_16_the_server_restarts_during_a_migration() {
  { binding restarted pg17; alembic restarted slow:1 staging "$SLEEP"; } | apply
  await 90 "alembic is at work" is_asleep restarted
  kc delete pod --namespace=databases --selector=app=pg17 --wait > /dev/null
  await 120 "fault_16: when the server is back the migration is done" is_ready_at restarted "$SLEEP"
  expect "$(revision pg17 restarted)" "$SLEEP" "psql finds the revision"
}

fault_18_a_held_lock_is_met_by_lock_timeout() {
  { binding locked pg17; ALEMBIC='urls: [{variable: DATABASE_URL, driver: psycopg}]' alembic locked darwin:1 staging 7b03e3bb26dc; } | apply
  await 90 "the first revisions are there" is_ready_at locked 7b03e3bb26dc
  hold pg17 locked 'LOCK TABLE users IN ACCESS SHARE MODE'
  change locked '{"targetVersion":"latest","migration":{"lockTimeout":"2s"}}'
  await 120 "fault_18: the lock that is waited for is named" says locked LockTimeout 'users'
  let_go pg17 locked
  await 120 "let go, it is migrated" is_at_its_head locked pg17
}

fault_27_a_pod_killed_while_its_backend_goes_on() {
  { binding killed pg17; alembic killed slow:1 staging "$SLEEP"; } | apply
  await 90 "the first revision runs" is_asleep killed
  await 120 "the table is there" is_ready_at killed "$SLEEP"
  hold pg17 killed 'LOCK TABLE plays IN ROW EXCLUSIVE MODE'
  change killed '{"targetVersion":"latest"}'
  await 90 "an index is being built" is_building killed
  kc delete pod "$(pod_of killed)" --namespace="$NAMESPACE" --grace-period=0 --force > /dev/null 2>&1
  await 60 "another Job is at work" has_jobs killed 3
  let_go pg17 killed
  await 120 "fault_27: once the old backend is gone it is migrated" is_ready_at killed "$INDEX"
  expect "$(psql_as_admin pg17 killed "SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_plays_user'::regclass")" t "the index is valid"
}

is_building() {
  [[ $(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = '$1'") != 0 ]]
}

has_jobs() {
  [[ $(kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=migrate" --output=name | wc -l) -ge $2 ]]
}

two_ask_for_one_database_and_one_waits() {
  { binding fenced pg17; alembic fenced slow:1 staging "$SLEEP"; } | apply
  await 90 "alembic is at work" is_asleep fenced
  expect "$(psql_as_admin pg17 fenced "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%fenced-migrate%')")" 1 "its guard holds the database's lock"
  psql_as_admin pg17 fenced "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name LIKE '%fenced-migrate%' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')" > /dev/null
  await 120 "a guard that lost its lock and got it again goes on" is_ready_at fenced "$SLEEP"
  expect "$(psql_as_admin pg17 fenced "SELECT count(*) FROM tunetrail.history WHERE outcome = 'Done'")" 1 "one Job has done it"
}

fault_31_a_program_that_does_nothing_is_not_ready() {
  {
    binding idle pg17
    ALEMBIC='command: [python, -c, "pass"]' alembic idle soleil:1 staging latest
  } | apply
  await 90 "fault_31: exit code 0 without a revision is told" says idle VersionUnchanged 'yet the database is where it was'
}

fresh_namespace
new_databases pg17 restarted locked killed fenced idle
fault_31_a_program_that_does_nothing_is_not_ready
two_ask_for_one_database_and_one_waits
fault_18_a_held_lock_is_met_by_lock_timeout
fault_27_a_pod_killed_while_its_backend_goes_on
fault_16_the_server_restarts_during_a_migration
