#!/bin/bash
# Locks: a migration waits for others no longer than it may, others no longer for it, and what was cut off is not run blindly.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
INDEX='CREATE INDEX CONCURRENTLY songs_id ON songs (id);'

# A migration in the way of others is one that waits for a table's exclusive lock.
waits_for_songs() {
  [[ $(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_locks WHERE relation = 'songs'::regclass
    AND mode = 'AccessExclusiveLock' AND NOT granted") == 1 ]]
}

fault_18_someone_holds_access_share() {
  local started
  new_databases pg17 busy
  {
    binding busy pg17
    scripts busy V1__songs.sql="$SONGS"
    flyway busy staging latest 'migration: {lockTimeout: 4s}'
  } | apply
  await 90 "the table is there" is_ready_at busy 1
  hold pg17 busy 'SELECT FROM songs'
  scripts busy V1__songs.sql="$SONGS" V2__title.sql='ALTER TABLE songs ADD COLUMN title text;' | apply
  await 90 "the migration waits for the table" waits_for_songs busy
  started=$SECONDS
  psql_as_admin pg17 busy 'SELECT count(*) FROM songs' > /dev/null
  ((SECONDS - started <= 4 * PATIENCE)) || fail "a query queued for $((SECONDS - started)) s behind a lockTimeout of 4 s"
  pass "a query queues behind it no longer than lockTimeout"
  await 90 "the status says that the lock was not obtained" says busy LockTimeout 'V2__title.sql.*pg_locks'
  let_go pg17 busy
  await 90 "it is tried again by itself once the table is free" is_ready_at busy 2
  agrees busy pg17
}

# indexed NAME SCHEMA SCRIPT...: a resource with a schema of its own in database indexed.
indexed() {
  binding "$1" pg17 database=indexed username=indexed
  scripts "$1" "${@:3}"
  flyway "$1" staging latest | sed "s/{flyway: {/{flyway: {schemas: [$2], /"
}

index_is_valid() { psql_as_admin pg17 indexed "SELECT indisvalid FROM pg_index WHERE indexrelid = '$1'::regclass"; }

# Two resources share a database by schema, so that one waits for the other's fence while indexes are built.
fault_20_create_index_concurrently_does_not_hang() {
  {
    indexed left left V1__songs.sql="$SONGS SELECT pg_sleep(2);" V2__index.sql="$INDEX"
    indexed right right V1__songs.sql="$SONGS SELECT pg_sleep(2);" V2__index.sql="$INDEX"
  } | apply
  await 90 "one schema is indexed" is_ready_at left 2
  await 90 "the other one too" is_ready_at right 2
  expect "$(index_is_valid left.songs_id)$(index_is_valid right.songs_id)" tt "psql finds both indexes valid"
}

waits_in_create_index() {
  [[ $(psql_as_admin pg17 indexed "SELECT count(*) FROM pg_stat_activity
    WHERE query LIKE '%CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'") == 1 ]]
}

# kill_pod NAME: as when a node is lost.
kill_pod() {
  kc delete pods --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1" --force --grace-period=0 > /dev/null 2>&1
}

names_the_invalid_index() {
  look_again cut
  says cut HistoryConflict 'invalid indexes: cut.songs_id'
}

fault_21_connection_cut_in_create_index_concurrently() {
  local works_before
  indexed cut cut V1__songs.sql="$SONGS" | apply
  await 90 "the table is there" is_ready_at cut 1
  hold pg17 indexed 'INSERT INTO cut.songs VALUES (1)'
  indexed cut cut V1__songs.sql="$SONGS" V2__index.sql="$INDEX" | apply
  await 90 "CREATE INDEX CONCURRENTLY waits for a transaction" waits_in_create_index
  works_before=$(works pg17 indexed)
  kill_pod cut
  await 90 "the script that was cut off is named" says cut HistoryConflict 'V2__index.sql.*cut off in Job cut-migrate.*migration.retry'
  await 30 "and the invalid index that it left" names_the_invalid_index
  expect "$(works pg17 indexed)" "$works_before" "it was not run again"
  let_go pg17 indexed
  look_again cut
  await 90 "nor when the other transaction is over" says cut HistoryConflict
  expect "$(condition "$NAMESPACE" cut Stalled)" "True HistoryConflict" "it waits for somebody"
  psql_as_admin pg17 indexed 'DROP INDEX cut.songs_id'
  change cut '{"migration":{"retry":"index dropped"}}'
  await 90 "a new retry token runs it again" is_ready_at cut 2
  expect "$(index_is_valid cut.songs_id)" t "psql finds the index valid"
}

# The script itself keeps its backend from noticing that its client is gone.
fault_27_the_next_one_waits_until_the_backend_is_gone() {
  indexed deaf deaf V1__songs.sql="$SONGS" | apply
  await 90 "the table is there" is_ready_at deaf 1
  hold pg17 indexed 'INSERT INTO deaf.songs VALUES (1)'
  indexed deaf deaf V1__songs.sql="$SONGS" V2__index.sql="SET client_connection_check_interval = 0; $INDEX" \
    V2__index.sql.conf=executeInTransaction=false | apply
  await 90 "CREATE INDEX CONCURRENTLY waits for a transaction" waits_in_create_index
  kill_pod deaf
  await 90 "its next Job waits for the backend that goes on" says deaf WaitingForLock 'tunetrail/deaf.*-1'
  waits_in_create_index || fail "its backend is gone too"
  pass "its backend goes on"
  indexed next next V1__songs.sql="$SONGS" | apply
  await 90 "another resource waits as well, and says for whom" says next WaitingForLock 'tunetrail/deaf'
  expect "$(psql_as_admin pg17 indexed "SELECT to_regclass('next.songs') IS NULL")" t "nothing of it has run"
  let_go pg17 indexed
  await 90 "it works once the backend is gone" is_ready_at next 1
  await 90 "the script that was cut off is not run again blindly" says deaf HistoryConflict 'V2__index.sql'
  expect "$(index_is_valid deaf.songs_id)" t "the index that nobody waited for is finished"
}

fresh_namespace
fault_18_someone_holds_access_share
new_databases pg17 indexed
fault_20_create_index_concurrently_does_not_hang
fault_21_connection_cut_in_create_index_concurrently
fault_27_the_next_one_waits_until_the_backend_is_gone
