#!/bin/bash
# Going back with Flyway by the project's own reverse scripts, and forward again, with rows that must survive.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int PRIMARY KEY, title text);'
JOBS='CREATE TABLE jobs (id int PRIMARY KEY, song int REFERENCES songs);'
INDEX='CREATE INDEX CONCURRENTLY songs_title ON songs (title);'

# project NAME [FILE=SQL...]: three versions, and reverse scripts for the last two.
project() {
  scripts "$1" V1__songs.sql="$SONGS" V2__jobs.sql="$JOBS" V3__index.sql="$INDEX" \
    U2__jobs.sql='DROP TABLE jobs;' U3__index.sql='DROP INDEX CONCURRENTLY songs_title;' \
    U3__index.sql.conf=executeInTransaction=false "${@:2}"
}

upgrade_undo_upgrade_ends_with_the_catalog_it_had() {
  local name=back before
  { binding "$name" pg17; project "$name"; flyway "$name" staging latest; } | apply
  await 90 "version 3 is reached" is_ready_at "$name" 3
  psql_as_admin pg17 "$name" "INSERT INTO songs VALUES (42, 'kept')"
  before=$(catalog pg17 "$name")
  change "$name" '{"targetVersion":"1"}'
  fault_42_a_target_below_the_database_is_refused_with_the_choices "$name"
  change "$name" '{"migration":{"rollback":"Undo"}}'
  await 90 "it goes back to version 1" is_ready_at "$name" 1
  agrees "$name" pg17
  expect "$(psql_as_admin pg17 "$name" "SELECT to_regclass('songs_title') IS NULL AND to_regclass('jobs') IS NULL")" t \
    "psql finds neither the index nor the table"
  change "$name" '{"targetVersion":"latest"}'
  await 90 "it goes forward again" is_ready_at "$name" 3
  agrees "$name" pg17
  expect "$(catalog pg17 "$name")" "$before" "the catalog is the one it had"
  expect "$(psql_as_admin pg17 "$name" 'SELECT title FROM songs WHERE id = 42')" kept "the row survived"
  expect "$(psql_as_admin pg17 "$name" "SELECT string_agg(work || ' ' || coalesce(to_version, '-'), ', ' ORDER BY id)
    FROM tunetrail.history")" "migrate 3, undo 1, migrate 3" "tunetrail.history tells all three"
}

fault_42_a_target_below_the_database_is_refused_with_the_choices() {
  await 60 "a target below is refused with the choices" says "$1" TargetBelowDatabase \
    'target is 1, the database is at 3; going back would undo 3, 2.*migration.rollback to Undo'
  expect "$(version pg17 "$1")" 3 "nothing is taken back"
}

a_missing_reverse_script_is_named_before_anything_runs() {
  scripts back V1__songs.sql="$SONGS" V2__jobs.sql="$JOBS" V3__index.sql="$INDEX" U3__index.sql='DROP INDEX songs_title;' | apply
  change back '{"targetVersion":"1"}'
  await 60 "the script without a reverse is named" says back UndoScriptMissing 'V2__jobs.sql'
  expect "$(version pg17 back)" 3 "nothing is taken back"
}

production_goes_back_only_with_an_approval_of_its_own() {
  local name=gated
  {
    binding "$name" pg17
    project "$name"
    flyway "$name" production 3 'migration: {rollback: Undo, approval: Version}' 'approval: {version: "3", approvedBy: ada}'
  } | sed "s/{secretRef: {name: $name}}/{secretRef: {name: $name}, caRef: {configMap: {name: pg-ca}}}/" | apply
  await 90 "production is at version 3" is_ready_at "$name" 3
  change "$name" '{"targetVersion":"2","approval":{"version":"2","approvedBy":"ada"}}'
  await 60 "an approval that does not say so is not one to go back" says "$name" AwaitingApproval 'undo: true'
  expect "$(version pg17 "$name")" 3 "nothing is taken back"
  change "$name" '{"approval":{"version":"2","undo":true,"approvedBy":"ada"}}'
  await 90 "approved, it goes back" is_ready_at "$name" 2
  agrees "$name" pg17
}

a_community_database_becomes_commercial_and_community_again() {
  local name=switched
  {
    binding "$name" pg17
    scripts "$name-all" all.sql="${SONGS/TABLE/TABLE IF NOT EXISTS} ${JOBS/TABLE/TABLE IF NOT EXISTS}"
    project "$name"
    switched community "schema: {createAll: {configMaps: [{name: $name-all}]}, flyway: {configMaps: [{name: $name}]}}"
  } | apply
  await 90 "community has created its tables" is_ready_at "$name"
  psql_as_admin pg17 "$name" "INSERT INTO songs VALUES (42, 'kept')"
  switched commercial "schema: {createAll: {configMaps: [{name: $name-all}]}, flyway: {configMaps: [{name: $name}]}}" | apply
  await 60 "commercial says how to go on" says "$name" TablesWithoutHistory 'made by create-all.*migration.adopt'
  change "$name" '{"migration":{"adopt":"Baseline","baselineVersion":"2"}}'
  await 60 "without CREATEDB the GRANT is named" says "$name" ScratchUnavailable 'ALTER ROLE.*CREATEDB'
  psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"
  await 120 "adopted at 2, only version 3 runs" is_ready_at "$name" 3
  expect "$(psql_as_admin pg17 "$name" "SELECT string_agg(version || ' ' || type, ', ' ORDER BY installed_rank)
    FROM flyway_schema_history")" "2 BASELINE, 3 SQL" "Flyway's history says so"
  expect "$(scratch_databases pg17 "$name")" 0 "no scratch database is left"
  change "$name" '{"edition":"community"}'
  await 60 "community again keeps the history and says so" kept_history "$name"
  expect "$(psql_as_admin pg17 "$name" 'SELECT title FROM songs WHERE id = 42')" kept "the row survived both ways"
  change "$name" '{"edition":"commercial"}'
  await 60 "commercial once more goes on from its history" is_ready_at "$name" 3
}

# switched EDITION SCHEMA
switched() { printf 'edition: %s\nenvironment: staging\nconnection: {secretRef: {name: switched}}\n%s\n' "$@" | resource switched; }

kept_history() {
  is_ready_at "$1" && [[ $(message "$1") == *"history in public.flyway_schema_history is kept and not used"* ]]
}

a_database_that_differs_is_not_adopted() {
  local name=differs
  psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"
  psql_as_admin pg17 "$name" "SET ROLE $name; CREATE TABLE songs (id int PRIMARY KEY)"
  { binding "$name" pg17; project "$name"; flyway "$name" staging latest 'migration: {adopt: Baseline, baselineVersion: "2"}'; } | apply
  await 90 "the differences are named" says "$name" SchemaDiffers 'songs.title.*jobs|jobs.*songs.title'
  expect "$(psql_as_admin pg17 "$name" "SELECT to_regclass('flyway_schema_history') IS NULL")" t "nothing was adopted"
}

fixtures_come_after_the_schema_and_again_after_each_change() {
  local name=seeded
  {
    binding "$name" pg17
    project "$name"
    scripts "$name-data" data.sql="INSERT INTO songs VALUES (1, 'first') ON CONFLICT DO NOTHING;"
    flyway "$name" development latest "seed: {configMaps: [{name: $name-data}]}"
  } | apply
  await 120 "it is ready once the fixtures are in" is_ready_at "$name" 3
  expect "$(psql_as_admin pg17 "$name" 'SELECT title FROM songs')" first "psql finds the fixture"
  await 30 "the status says so" seed_is "$name" true/Done
  scripts "$name-data" data.sql="INSERT INTO nowhere VALUES (1);" | apply
  await 90 "fixtures that fail are told with file and line" says "$name" SeedFailed 'data.sql, line 1.*nowhere'
  expect "$(condition "$NAMESPACE" "$name" SchemaCurrent)" "True UpToDate" "the schema is current all the same"
  scripts "$name-data" data.sql="INSERT INTO songs VALUES (2, 'second') ON CONFLICT DO NOTHING;" | apply
  await 90 "corrected, they go in" is_ready_at "$name" 3
  expect "$(psql_as_admin pg17 "$name" 'SELECT count(*) FROM songs')" 2 "both fixtures are there"
}

seed_is() { [[ $(status "$NAMESPACE" "$1" .seed.current)/$(status "$NAMESPACE" "$1" .seed.outcome) == "$2" ]]; }

fresh_namespace
new_databases pg17 back gated switched differs seeded
upgrade_undo_upgrade_ends_with_the_catalog_it_had
a_missing_reverse_script_is_named_before_anything_runs
production_goes_back_only_with_an_approval_of_its_own
a_community_database_becomes_commercial_and_community_again
a_database_that_differs_is_not_adopted
fixtures_come_after_the_schema_and_again_after_each_change
