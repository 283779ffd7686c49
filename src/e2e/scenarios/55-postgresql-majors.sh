#!/bin/bash
# PostgreSQL 14, 16 and 18, beside the 15 and 17 of all other scenarios: each method, and taking over tables, on each of them.
# Lane: majors
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

MAJORS=(14 16 18)
# With every kind of constraint, for not each server keeps them where the others do.
SONGS="CREATE TABLE songs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, plays int NOT NULL DEFAULT 0
    CHECK (plays >= 0), UNIQUE (title));"
BANDS='CREATE TABLE bands (id int PRIMARY KEY, song int NOT NULL REFERENCES songs);'

servers_are_there() {
  local major
  more_servers "${MAJORS[@]}"
  for major in "${MAJORS[@]}"; do
    expect_match "$(psql_as_admin "pg$major" postgres 'SHOW server_version')" "^$major\." "a server of PostgreSQL $major answers"
  done
}

# resources_on MAJOR: YAML of a resource for each method, and two that take tables over.
resources_on() {
  local name
  for name in flyway alembic community adopted altered; do binding "$name$1" "pg$1"; done
  scripts "flyway$1" V1__songs.sql="$SONGS" V2__plays.sql='CREATE INDEX CONCURRENTLY songs_plays ON songs (plays);'
  flyway "flyway$1" staging latest
  alembic "alembic$1" soleil:2 staging latest
  scripts "community$1" songs.sql="${SONGS/TABLE/TABLE IF NOT EXISTS}"
  resource "community$1" << YAML
edition: community
environment: development
connection: {secretRef: {name: community$1}}
schema: {createAll: {configMaps: [{name: community$1}]}}
YAML
  for name in adopted altered; do
    scripts "$name$1" V1__songs.sql="$SONGS" V2__bands.sql="$BANDS"
    flyway "$name$1" staging latest 'migration: {adopt: Baseline, baselineVersion: "1"}'
  done
}

databases_are_applied_on() {
  new_databases "pg$1" {flyway,alembic,community,adopted,altered}"$1"
  psql_as_admin "pg$1" postgres "ALTER ROLE adopted$1 CREATEDB; ALTER ROLE altered$1 CREATEDB"
  psql_as_admin "pg$1" "adopted$1" "SET ROLE adopted$1; $SONGS INSERT INTO songs (title) VALUES ('kept')"
  psql_as_admin "pg$1" "altered$1" "SET ROLE altered$1; $SONGS ALTER TABLE songs ALTER title DROP NOT NULL"
  resources_on "$1" | apply
}

each_method_works_on() {
  await 120 "flyway on PostgreSQL $1" is_ready_at "flyway$1" 2
  agrees "flyway$1" "pg$1"
  expect "$(psql_as_admin "pg$1" "flyway$1" "SELECT indisvalid FROM pg_index WHERE indexrelid = 'songs_plays'::regclass")" t \
    "the concurrent index is valid"
  await 120 "create-all on PostgreSQL $1" is_ready_at "community$1"
  expect "$(status "$NAMESPACE" "community$1" .tableCount)/$(tables "pg$1" "community$1")" 1/1 "status and psql count its table"
  await 120 "Alembic on PostgreSQL $1" is_at_its_head "alembic$1" "pg$1"
}

tables_are_compared_and_taken_over_on() {
  await 120 "equal tables are taken over on PostgreSQL $1" is_ready_at "adopted$1" 2
  expect "$(psql_as_admin "pg$1" "adopted$1" "SELECT string_agg(version || ' ' || type, ', ' ORDER BY installed_rank)
    FROM flyway_schema_history")" "1 BASELINE, 2 SQL" "psql finds the baseline and what ran after it"
  expect "$(psql_as_admin "pg$1" "adopted$1" 'SELECT title FROM songs')" kept "the row survived"
  await 120 "a column that differs is named on PostgreSQL $1" says "altered$1" SchemaDiffers 'songs.title'
  expect "$(psql_as_admin "pg$1" "altered$1" "SELECT to_regclass('flyway_schema_history') IS NULL")" t "no history was begun there"
}

fresh_namespace
servers_are_there
for major in "${MAJORS[@]}"; do
  databases_are_applied_on "$major"
  each_method_works_on "$major"
  tables_are_compared_and_taken_over_on "$major"
done
kc delete tunetraildatabases --all --namespace="$NAMESPACE" > /dev/null
remove_servers "${MAJORS[@]}"
