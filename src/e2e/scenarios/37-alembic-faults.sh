#!/bin/bash
# Faults while Alembic runs in the application's image: the server is away, a lock is held, a pod is killed or started
# twice, the guard loses its lock.
# Lane: frail
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

USERS=ebdde5263aa5
SLEEP=9de7e329bac6
INDEX=066f3f7b5b71

# The fence's key, and who has it.
FENCE=$((0x74756e6574726131))
FENCE_HOLDERS="SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = $FENCE
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"

is_asleep() {
  [[ $(psql_as_admin "$FRAIL" postgres "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1' AND wait_event = 'PgSleep'") != 0 ]]
}

# pod_of NAME: the pod of its newest Job.
pod_of() {
  kc get pods --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=migrate" \
    --sort-by=.metadata.creationTimestamp --output='jsonpath={.items[-1:].metadata.name}'
}

# migrations NAME: the Jobs that migrated it; one that read its image does not stay.
migrations() { jobs "$1" | grep -e -migrate-; }

# guard_says POD PATTERN
guard_says() {
  local log
  log=$(kc logs "$1" --container=guard --namespace="$NAMESPACE")
  echo "$log"
  [[ $log =~ $2 ]]
}

fault_16_the_server_is_away_before_a_migration() {
  make_the_way "$FRAIL"
  close_the_way
  { binding restarted "$FRAIL" host=flaky.databases; alembic restarted slow:1 staging "$USERS"; } | apply
  await 90 "a server that is away is named" says restarted DatabaseUnreachable 'flaky.databases'
  open_the_way
  await 120 "fault_16: when the server is back it is migrated" is_ready_at restarted "$USERS"
  expect "$(revision "$FRAIL" restarted)" "$USERS" "psql finds the revision"
}

# A killed backend makes PostgreSQL end every session and recover, as after a crash.
fault_16_the_server_restarts_during_a_migration() {
  change restarted "{\"targetVersion\":\"$SLEEP\"}"
  await 90 "alembic is at work" is_asleep restarted
  kc exec --namespace=databases "deployment/$FRAIL" --container=postgres -- bash -c "kill -KILL $(psql_as_admin "$FRAIL" postgres \
    "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'restarted'")"
  await 30 "$FRAIL has recovered" psql_as_admin "$FRAIL" postgres 'SELECT 1'
  await 120 "fault_16: when the server is back the migration is run again" is_ready_at restarted "$SLEEP"
  expect "$(revision "$FRAIL" restarted)" "$SLEEP" "psql finds the revision"
}

fault_16_the_server_restarts_after_a_migration() {
  local jobs_before
  jobs_before=$(migrations restarted)
  restart_server
  await 60 "$FRAIL answers again" psql_as_admin "$FRAIL" postgres 'SELECT 1'
  change restarted '{"migration":{"retry":"after the restart"}}'
  await 60 "fault_16: a look at the server that is back finds it ready" is_ready_at restarted "$SLEEP"
  expect "$(migrations restarted)" "$jobs_before" "no Job was started for it"
}

fault_18_a_held_lock_is_met_by_lock_timeout() {
  { binding locked "$FRAIL"; ALEMBIC='urls: [{variable: DATABASE_URL, driver: psycopg}]' alembic locked darwin:1 staging 7b03e3bb26dc; } | apply
  await 90 "the first revisions are there" is_ready_at locked 7b03e3bb26dc
  hold "$FRAIL" locked 'LOCK TABLE users IN ACCESS SHARE MODE'
  change locked '{"targetVersion":"latest","migration":{"lockTimeout":"2s"}}'
  await 120 "fault_18: the lock that is waited for is named" says locked LockTimeout 'users'
  let_go "$FRAIL" locked
  await 120 "let go, it is migrated" is_at_its_head locked "$FRAIL"
}

fault_27_a_pod_killed_while_its_backend_goes_on() {
  { binding killed "$FRAIL"; alembic killed slow:1 staging "$SLEEP"; } | apply
  await 90 "the first revision runs" is_asleep killed
  await 120 "the table is there" is_ready_at killed "$SLEEP"
  hold "$FRAIL" killed 'LOCK TABLE plays IN ROW EXCLUSIVE MODE'
  change killed '{"targetVersion":"latest"}'
  await 90 "an index is being built" is_building killed
  kc delete pod "$(pod_of killed)" --namespace="$NAMESPACE" --grace-period=0 --force > /dev/null 2>&1
  await 60 "another Job is there" has_jobs killed 3
  await 90 "its guard waits, and says for what" guard_says "$(pod_of killed)" \
    'waiting: process [0-9]+ of Job killed-migrate-[^ ]+ still works: CREATE INDEX CONCURRENTLY'
  is_building killed || fail "the old backend is gone too"
  pass "the old backend goes on"
  let_go "$FRAIL" killed
  await 120 "fault_27: once the old backend is gone it is migrated" is_ready_at killed "$INDEX"
  expect "$(psql_as_admin "$FRAIL" killed "SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_plays_user'::regclass")" t "the index is valid"
}

is_building() {
  [[ $(psql_as_admin "$FRAIL" "$1" "SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = '$1'") != 0 ]]
}

has_jobs() {
  [[ $(kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=migrate" --output=name | wc -l) -ge $2 ]]
}

two_ask_for_one_database_and_one_waits() {
  hold "$FRAIL" fenced "SELECT pg_advisory_lock($FENCE)"
  { binding fenced "$FRAIL"; alembic fenced slow:1 staging "$USERS" 'migration: {lockTimeout: 10m}'; } | apply
  await 90 "the status names who has the database's lock" says fenced WaitingForLock 'Job fenced-migrate-.* waits for holds fenced'
  expect "$(psql_as_admin "$FRAIL" fenced "SELECT to_regclass('users') IS NULL")" t "nothing has run"
  let_go "$FRAIL" fenced
  await 120 "let go, it is migrated" is_ready_at fenced "$USERS"
}

# copy_pod NAME COPY: a second pod with the same orders, as when a node that was lost comes back.
copy_pod() {
  kc get pod "$(pod_of "$1")" --namespace="$NAMESPACE" --output=json |
    jq ".metadata = {name: \"$2\"} | del(.spec.nodeName, .status)" | apply
}

# polls_for_the_lock DATABASE POD
polls_for_the_lock() {
  local address
  address=$(kc get pod "$2" --namespace="$NAMESPACE" --output='jsonpath={.status.podIP}')
  [[ -n $address && $(psql_as_admin "$FRAIL" "$1" "SELECT count(*) FROM pg_stat_activity
    WHERE client_addr = '$address' AND query LIKE '%pg_try_advisory_lock%'") == 1 ]]
}

has_succeeded() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == Succeeded ]]; }

waits_for_users() {
  [[ $(psql_as_admin "$FRAIL" "$1" "SELECT count(*) FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted") == 1 ]]
}

fault_27_a_pod_started_twice() {
  hold "$FRAIL" fenced 'LOCK TABLE users IN ROW EXCLUSIVE MODE'
  change fenced "{\"targetVersion\":\"$SLEEP\"}"
  await 120 "alembic waits for a table" waits_for_users fenced
  copy_pod fenced twice
  await 90 "the second pod's guard asks for the database's lock" polls_for_the_lock fenced twice
  expect "$(kc get pod twice --namespace="$NAMESPACE" --output='jsonpath={.status.containerStatuses[0].started}')" false \
    "its alembic has not begun"
  let_go "$FRAIL" fenced
  await 120 "the first one does it" is_ready_at fenced "$SLEEP"
  await 90 "the second one ends well" has_succeeded twice
  expect "$(psql_as_admin "$FRAIL" fenced "SELECT count(*) FROM tunetrail.history WHERE to_version = '$SLEEP'")" 1 \
    "fault_27: it was done once"
}

a_guard_that_loses_its_lock_takes_it_again() {
  local jobs_before
  hold "$FRAIL" fenced 'LOCK TABLE plays IN ROW EXCLUSIVE MODE'
  change fenced '{"targetVersion":"latest"}'
  await 90 "an index is being built" is_building fenced
  jobs_before=$(migrations fenced)
  expect "$(psql_as_admin "$FRAIL" fenced "SELECT count(pg_terminate_backend(pid)) FROM ($FENCE_HOLDERS) it")" 1 \
    "the connection that holds the lock is cut"
  await 60 "the guard takes the lock again" guard_says "$(pod_of fenced)" "the database's lock is held again, nobody else had it"
  is_building fenced || fail "its alembic did not go on"
  pass "its alembic goes on"
  let_go "$FRAIL" fenced
  await 120 "and comes to its end" is_ready_at fenced "$INDEX"
  expect "$(migrations fenced)" "$jobs_before" "one Job has done it"
}

# One session cuts the guard's and takes its lock before the guard can.
another_takes_the_lock() {
  { binding lost "$FRAIL"; alembic lost slow:1 staging "$SLEEP"; } | apply
  await 90 "alembic is at work" is_asleep lost
  hold "$FRAIL" lost "DO \$\$ BEGIN ASSERT (SELECT count(pg_terminate_backend(pid, 5000)) FROM ($FENCE_HOLDERS) it) = 1; END \$\$;
    SELECT pg_advisory_lock($FENCE)"
  await 60 "the loss is reported" outcome_is lost LockLost
  expect_match "$(status "$NAMESPACE" lost .lastMigration.message)" 'the lock is gone: holds lost' "with who has it now"
  expect "$(psql_as_admin "$FRAIL" lost "SELECT count(*) FROM pg_stat_activity WHERE usename = 'lost' AND wait_event = 'PgSleep'")" 0 \
    "nothing of its alembic goes on"
  await 90 "the next Job waits" says lost WaitingForLock 'waits for holds lost'
  expect "$(psql_as_admin "$FRAIL" lost "SELECT to_regclass('users') IS NULL")" t "nothing was done"
  let_go "$FRAIL" lost
  await 120 "let go, it is migrated" is_ready_at lost "$SLEEP"
  expect "$(psql_as_admin "$FRAIL" lost "SELECT count(*) FROM tunetrail.history WHERE outcome = 'Done'")" 1 "by the one Job that was alone"
}

outcome_is() { [[ $(status "$NAMESPACE" "$1" .lastMigration.outcome | tee /dev/stderr) == "$2" ]]; }

fault_31_a_program_that_does_nothing_is_not_ready() {
  {
    binding idle "$FRAIL"
    ALEMBIC='command: [python, -c, "pass"]' alembic idle soleil:1 staging latest
  } | apply
  await 90 "fault_31: exit code 0 without a revision is told" says idle VersionUnchanged 'yet the database is where it was'
}

fresh_namespace
deploy_the_frail_server
new_databases "$FRAIL" restarted locked killed fenced lost idle
fault_31_a_program_that_does_nothing_is_not_ready
two_ask_for_one_database_and_one_waits
fault_27_a_pod_started_twice
a_guard_that_loses_its_lock_takes_it_again
another_takes_the_lock
fault_18_a_held_lock_is_met_by_lock_timeout
fault_27_a_pod_killed_while_its_backend_goes_on
fault_16_the_server_is_away_before_a_migration
fault_16_the_server_restarts_during_a_migration
fault_16_the_server_restarts_after_a_migration
