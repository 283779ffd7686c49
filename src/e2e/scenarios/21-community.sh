#!/bin/bash
# Community edition: create-all from idempotent SQL in several ConfigMaps, again when they change and only then.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE IF NOT EXISTS songs (id int PRIMARY KEY);'
JOBS='CREATE TABLE IF NOT EXISTS jobs (song int REFERENCES songs);'

# community NAME SECRET CONFIGMAP...
community() {
  local names=("${@:3}")
  resource "$1" << YAML
edition: community
environment: development
connection: {secretRef: {name: $2}}
schema: {createAll: {configMaps: [$(printf '{name: %s},' "${names[@]}")]}}
YAML
}

applied_digest() {
  psql_as_admin pg15 catalogue "SELECT inputs_digest FROM tunetrail.history WHERE outcome = 'Done' ORDER BY id DESC LIMIT 1"
}

missing_tables_are_created_from_several_config_maps_in_order() {
  new_databases pg15 catalogue shared
  {
    binding catalogue pg15
    scripts first 90-songs.sql="$SONGS"
    scripts second 10-jobs.sql="$JOBS"
    community catalogue catalogue first second
  } | apply
  await 90 "the community database is ready" is_ready_at catalogue
  expect "$(status "$NAMESPACE" catalogue .tableCount)/$(tables pg15 catalogue)" 2/2 "status and psql count both tables"
  expect "$(status "$NAMESPACE" catalogue .initializationMethod)" create-all "the method is create-all"
  expect "$(works pg15 catalogue) $(applied_digest)" "1 $(status "$NAMESPACE" catalogue .inputsDigest)" \
    "tunetrail.history remembers what was applied"
}

changed_sql_runs_again() {
  scripts second 10-jobs.sql="$JOBS" 20-users.sql='CREATE TABLE IF NOT EXISTS users ();' | apply
  await 90 "changed SQL is applied" has_tables 3
  await 90 "the database is ready again" is_ready_at catalogue
  expect "$(tables pg15 catalogue) $(works pg15 catalogue) $(applied_digest)" \
    "3 2 $(status "$NAMESPACE" catalogue .inputsDigest)" "psql finds the new table, and one more work"
}

has_tables() {
  status "$NAMESPACE" catalogue .tableCount
  [[ $(status "$NAMESPACE" catalogue .tableCount) == "$1" ]]
}

nothing_runs_when_nothing_changed() {
  local before
  before=$(jobs catalogue)
  change catalogue '{"migration":{"retry":"again"}}'
  await 90 "it is looked at again" is_ready_at catalogue
  expect "$(jobs catalogue)" "$before" "no Job came"
  expect "$(works pg15 catalogue)" 2 "no work came"
}

a_lost_history_only_means_that_it_runs_again() {
  psql_as_admin pg15 catalogue 'DROP SCHEMA tunetrail CASCADE'
  look_again first
  await 90 "create-all has run again" has_worked_once
  await 90 "the database is ready" is_ready_at catalogue
  expect "$(tables pg15 catalogue)" 3 "the tables are as they were"
}

has_worked_once() { [[ $(psql_as_admin pg15 catalogue "SELECT count(*) FROM tunetrail.history WHERE outcome = 'Done'") == 1 ]]; }

two_at_once_never_collide() {
  {
    binding shared pg15
    scripts slow 10.sql='CREATE TABLE IF NOT EXISTS slow (); SELECT pg_sleep(1);'
    community one shared slow
    community two shared slow
  } | apply
  await 90 "of two resources for one database one is ready, the other in conflict" one_works_and_one_yields
  expect "$(tables pg15 shared)" 1 "the table is there once"
  expect "$(psql_as_admin pg15 shared "SELECT count(*) FROM tunetrail.history WHERE outcome <> 'Done'")" 0 "no work failed"
}

one_works_and_one_yields() {
  facts one
  facts two
  { is_ready_at one && says two DatabaseConflict 'one is older'; } ||
    { is_ready_at two && says one DatabaseConflict 'two is older'; }
}

fresh_namespace
missing_tables_are_created_from_several_config_maps_in_order
changed_sql_runs_again
nothing_runs_when_nothing_changed
a_lost_history_only_means_that_it_runs_again
two_at_once_never_collide
