#!/bin/bash
# Staging: pending Flyway migrations run by themselves, with all that real sets of scripts use, on PostgreSQL 15 and 17.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int PRIMARY KEY, title text);'
INDEX='CREATE INDEX CONCURRENTLY songs_title ON songs (title);'

# overview COLUMN: a repeatable view.
overview() { echo "CREATE OR REPLACE VIEW overview AS SELECT count(*) AS $1, '\${label}' AS label FROM songs;"; }

# staged NAME TARGET [FLYWAY-FIELD]: the main resource, with scripts from two ConfigMaps.
staged() {
  local fields=${3:+$3, }
  resource "$1" << YAML
edition: saas
environment: staging
targetVersion: "$2"
connection: {secretRef: {name: $1}}
schema:
  flyway: {${fields}configMaps: [{name: $1}, {name: $1-late}], placeholders: {label: tunes}}
YAML
}

query() { psql_as_admin "$@"; }

it_stops_at_the_target() {
  local server=$1 name=$2
  new_databases "$server" "$name"
  {
    binding "$name" "$server"
    scripts "$name" V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();' V3__index.sql="$INDEX" \
      R__overview.sql="$(overview songs)"
    scripts "$name-late"
    staged "$name" 2
  } | apply
  await 90 "$server: version 2 is reached" is_ready_at "$name" 2
  agrees "$name" "$server"
  expect "$(query "$server" "$name" 'SELECT label FROM overview')" tunes "$server: the repeatable view has its placeholder"
  expect "$(query "$server" "$name" "SELECT to_regclass('songs_title') IS NULL")" t "$server: version 3 did not run"
}

latest_follows_with_a_concurrent_index() {
  local server=$1 name=$2
  change "$name" '{"targetVersion":"latest"}'
  await 90 "$server: the latest version is reached" is_ready_at "$name" 3
  expect "$(query "$server" "$name" "SELECT indisvalid FROM pg_index WHERE indexrelid = 'songs_title'::regclass")" t \
    "$server: CREATE INDEX CONCURRENTLY left a valid index"
  expect "$(status "$NAMESPACE" "$name" .targetVersion)" 3 "$server: latest resolves to 3"
}

a_new_script_is_migrated_by_itself() {
  local server=$1 name=$2
  scripts "$name-late" V4__users.sql='CREATE TABLE users ();' | apply
  await 90 "$server: version 4 in another ConfigMap is migrated by itself" is_ready_at "$name" 4
  agrees "$name" "$server"
}

a_changed_repeatable_script_runs_again() {
  local server=$1 name=$2
  scripts "$name" V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();' V3__index.sql="$INDEX" \
    R__overview.sql="DROP VIEW overview; $(overview tunes)" | apply
  await 90 "$server: a changed repeatable script has run again" query "$server" "$name" 'SELECT tunes FROM overview'
  await 90 "$server: it is ready" is_ready_at "$name" 4
}

out_of_order_is_refused_until_allowed() {
  local server=$1 name=$2
  scripts "$name-late" V2.1__bands.sql='CREATE TABLE bands ();' V4__users.sql='CREATE TABLE users ();' | apply
  await 90 "$server: a late version is refused" says "$name" OutOfOrder 'V2.1__bands.sql'
  expect "$(tables "$server" "$name")" 3 "$server: it did not run"
  staged "$name" latest 'outOfOrder: true' | apply
  await 90 "$server: it runs once outOfOrder is set" is_ready_at "$name" 4
  expect "$(tables "$server" "$name")/$(status "$NAMESPACE" "$name" .tableCount)" 4/4 "$server: status and psql count its table"
}

walk() {
  it_stops_at_the_target "$@"
  latest_follows_with_a_concurrent_index "$@"
  a_new_script_is_migrated_by_itself "$@"
  a_changed_repeatable_script_runs_again "$@"
  out_of_order_is_refused_until_allowed "$@"
}

schemas_names_and_history_table_are_the_users_choice() {
  new_databases pg17 named
  psql_script pg17 <<< 'GRANT CREATE ON DATABASE named TO named;'
  {
    binding named pg17
    scripts named M1--places.ddl='CREATE TABLE places (); CREATE TABLE archive.places ();' Z--view.ddl='CREATE OR REPLACE VIEW seen AS SELECT 1;'
    resource named << 'YAML'
edition: commercial
environment: development
connection: {secretRef: {name: named}}
schema:
  flyway:
    configMaps: [{name: named}]
    schemas: [app, archive]
    defaultSchema: app
    table: deployments
    sqlMigrationPrefix: M
    repeatableSqlMigrationPrefix: Z
    sqlMigrationSeparator: "--"
    sqlMigrationSuffixes: [.ddl]
YAML
  } | apply
  await 90 "schemas, prefixes, separator, suffix and history table may be named" is_ready_at named 1
  expect "$(query pg17 named "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY 1) FROM pg_tables
    WHERE schemaname IN ('app', 'archive', 'public')")" "app.deployments app.places archive.places" "psql finds them where they were named"
  expect "$(status "$NAMESPACE" named .tableCount)" 2 "the history table is not counted"
}

a_prefix_may_be_empty() {
  new_databases pg15 bare
  {
    binding bare pg15
    scripts bare 001__one.sql='CREATE TABLE one ();' 002__two.sql='CREATE TABLE two ();'
    resource bare << 'YAML'
edition: commercial
environment: development
connection: {secretRef: {name: bare}}
schema: {flyway: {configMaps: [{name: bare}], sqlMigrationPrefix: ""}}
YAML
  } | apply
  await 90 "scripts may be numbered without a prefix" is_ready_at bare 002
  agrees bare pg15
}

fresh_namespace
walk pg15 staged15 &
on15=$!
walk pg17 staged17 &
on17=$!
wait "$on15"
wait "$on17"
schemas_names_and_history_table_are_the_users_choice
a_prefix_may_be_empty
