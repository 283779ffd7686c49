#!/bin/bash
# The database is the truth, the last spec wins, and what was once production stays guarded.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'

fault_30_a_long_error_with_quotes_and_non_ascii_text() {
  local said
  new_databases pg17 verbose
  {
    binding verbose pg17
    scripts verbose V1__long.sql="DO \$\$ BEGIN RAISE EXCEPTION '%', repeat('\"Größe\" \\ 「歌」 🎤 ', 500); END \$\$;"
    flyway verbose staging latest
  } | apply
  await 90 "the error is told in the database's own words" says verbose MigrationFailed 'V1__long.sql.*"Größe" \\ 「歌」 🎤'
  said=$(kc get pods --namespace="$NAMESPACE" --selector=tunetrail.io/database=verbose \
    --output='jsonpath={.items[0].status.containerStatuses[0].state.terminated.message}')
  expect "$(jq --raw-output .outcome <<< "$said")" SQL_FAILED "the termination message is valid JSON"
  (($(printf %s "$said" | wc --bytes) <= 4096)) || fail "it has $(printf %s "$said" | wc --bytes) bytes"
  (($(printf %s "$said" | wc --bytes) >= 3500)) || fail "it was cut to $(printf %s "$said" | wc --bytes) bytes"
  pass "it is cut at 4,096 bytes"
  expect "$(kc get ttdb verbose --namespace="$NAMESPACE" --output=json | jq '[.status.conditions[].message | length] | max <= 2000')" true \
    "no condition's message is longer than 2,000 characters"
}

# The exit code says that all went well; the database says that it did not.
fault_31_exit_code_0_and_the_version_unchanged() {
  local v2='CREATE TABLE IF NOT EXISTS jobs ();'
  new_databases pg17 swallowed
  {
    binding swallowed pg17
    scripts swallowed V1__songs.sql="$SONGS"
    flyway swallowed staging latest
  } | apply
  await 90 "version 1 is reached" is_ready_at swallowed 1
  psql_as_admin pg17 swallowed 'CREATE RULE swallow AS ON INSERT TO flyway_schema_history DO INSTEAD NOTHING'
  scripts swallowed V1__songs.sql="$SONGS" V2__jobs.sql="$v2" | apply
  await 90 "a version that is not in the history is not believed" says swallowed VersionUnchanged
  expect "$(status "$NAMESPACE" swallowed .migrationVersion)/$(version pg17 swallowed)" 1/1 "status and psql are at version 1"
  expect "$(exit_code "$(status "$NAMESPACE" swallowed .lastMigration.job)")" 0 "though the container ended with exit code 0"
  psql_as_admin pg17 swallowed 'DROP RULE swallow ON flyway_schema_history'
  await 90 "it heals by itself when the rule is gone" is_ready_at swallowed 2
  agrees swallowed pg17
}

exit_code() {
  kc get pods --namespace="$NAMESPACE" --selector="job-name=$1" \
    --output='jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}'
}

# edited TARGET RETRY
edited() { flyway edited staging "$1" "migration: {retry: '$2', lockTimeout: 0s}"; }

# The first script waits for a lock that the scenario holds until all edits are made.
waits_for_the_scenario() {
  [[ $(psql_as_admin pg17 edited "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 43 AND NOT granted") == 1 ]]
}

fault_43_the_spec_is_edited_100_times_during_a_migration() {
  local number
  new_databases pg17 edited
  hold pg17 edited 'SELECT pg_advisory_lock(43)'
  {
    binding edited pg17
    scripts edited V1__slow.sql='CREATE TABLE slow (); SELECT pg_advisory_xact_lock(43);' V2__jobs.sql='CREATE TABLE jobs ();' \
      V3__never.sql='CREATE TABLE never ();'
    edited 1 0
  } | apply
  await 90 "the migration works" waits_for_the_scenario
  for number in {1..99}; do edited $((number % 3 + 1)) "$number"; done | apply
  edited 2 100 | apply
  waits_for_the_scenario || fail "the first migration was over before the 100 edits were"
  pass "100 edits came while it worked"
  let_go pg17 edited
  await 90 "the last spec wins" is_ready_at edited 2
  agrees edited pg17
  expect "$(jobs edited | wc -l)/$(works pg17 edited)" 2/2 "the first Job finished, and one more came"
  expect "$(psql_as_admin pg17 edited "SELECT string_agg(to_version, ' ' ORDER BY id) FROM tunetrail.history WHERE outcome = 'Done'")" \
    "1 2" "tunetrail.history tells the same"
  expect "$(psql_as_admin pg17 edited "SELECT to_regclass('never') IS NULL")" t "no other spec was followed"
}

# guarded NAME ENVIRONMENT TARGET [LINE...]
guarded() {
  flyway "$@" | sed 's/secretRef: {name: [a-z]*}/secretRef: {name: guarded}, sslMode: require/; s/configMaps: .*/configMaps: [{name: guarded}]}}/'
}

fault_45_production_is_not_left_by_an_edit() {
  local plan
  new_databases pg17 guarded
  {
    binding guarded pg17
    scripts guarded V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();'
    guarded first development 1
  } | apply
  await 90 "development is migrated by itself" is_ready_at first 1
  guarded first production 2 | apply
  await 90 "as production it is gated at once" says first AwaitingApproval 'V2__jobs.sql'
  plan=$(plan_digest first)
  expect "$(version pg17 guarded)" 1 "psql is still at version 1"
  guarded first staging 2 | apply
  await 90 "back to staging is refused" says first EnvironmentLaxer 'used as production, spec.environment says staging'
  expect "$(version pg17 guarded)" 1 "psql is still at version 1"
  guarded first production 2 "approval: {version: '2', digest: '$plan'}" | apply
  await 90 "as production it goes on" is_ready_at first 2
}

fault_45_a_second_laxer_resource_on_the_same_database_is_refused() {
  kc delete ttdb first --namespace="$NAMESPACE" > /dev/null
  scripts guarded V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();' V3__users.sql='CREATE TABLE users ();' | apply
  guarded second staging latest | apply
  await 90 "the database itself remembers that it was production" says second EnvironmentLaxer 'used as production'
  expect "$(version pg17 guarded)$(jobs second)" 2 "psql is still at version 2"
  psql_as pg17 guarded guarded secret 'UPDATE tunetrail.history SET environment = NULL'
  look_again guarded
  await 90 "it may be cleared by the database's owner" is_ready_at second 3
}

fresh_namespace
fault_30_a_long_error_with_quotes_and_non_ascii_text
fault_31_exit_code_0_and_the_version_unchanged
fault_43_the_spec_is_edited_100_times_during_a_migration
fault_45_production_is_not_left_by_an_edit
fault_45_a_second_laxer_resource_on_the_same_database_is_refused
