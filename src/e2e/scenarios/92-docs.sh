#!/bin/bash
# The documentation: every object and every part of a spec on its pages passes the API server, field by field; and the pages
# that go through something are walked, word for word but for names of servers and registries. The quick start, approvals and
# backups are those of 94-newcomer, the pages of engines those of 40-readme.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"

NAMES=(covers mover waves guests bookings charts seats posters)
# A spec in which each part that the pages show can stand.
CARRIER='{"apiVersion": "tunetrail.io/v1alpha1", "kind": "TuneTrailDatabase", "metadata": {"name": "carrier"}, "spec": {
  "edition": "commercial", "environment": "staging", "connection": {"secretRef": {"name": "carrier"}},
  "schema": {"flyway": {"configMaps": [{"name": "carrier"}]}}}}'

# would_be_accepted: whether the API server takes the object of the standard input, all of whose fields it must know.
would_be_accepted() { kc create --namespace="$NAMESPACE" --dry-run=server --validate=strict --output=name --filename=-; }

every_object_is_accepted() {
  local accepted
  accepted=$(page_objects | would_be_accepted) || fail "an object of the pages is refused"
  echo "$accepted"
  pass "$(wc -l <<< "$accepted") objects of the pages pass the API server"
}

every_part_of_a_spec_is_accepted() {
  local part count=0
  while IFS= read -r -d '' part; do
    kc patch --local --filename=<(echo "$CARRIER") --type=merge --patch="$part" --output=json | would_be_accepted > /dev/null ||
      fail "a part of a spec is refused: $part"
    count=$((count + 1))
  done < <(page_parts | awk '/^---$/ {if (NR > 1) printf "%c", 0; next} {print} END {printf "%c", 0}')
  expect "$((count > 5))" 1 "$count parts of specs pass the API server"
}

what_is_wrong_would_be_noticed() {
  if page_objects concepts flyway | sed 's/lockTimeout:/lockTimout:/' | would_be_accepted > /dev/null 2>&1; then
    fail "a field that is not known was accepted"
  fi
  pass "a field that is not known is refused"
}

# given NAME: Secret NAME-db of database NAME.
given() { binding "$1" pg17 | sed "s/metadata: {name: $1}/metadata: {name: $1-db}/"; }

what_the_pages_take_for_granted() {
  local name
  new_databases pg17 "${NAMES[@]}"
  for name in seats posters; do psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"; done
  {
    for name in "${NAMES[@]}"; do given "$name"; done
    scripts waves-migrations V1__waves.sql='CREATE TABLE waves (id int);'
    page_blocks yaml 'name: covers' flyway
  } | apply
  flyway_was_here
  atlas_was_here
}

# Flyway's history as a hook and flyway-operator leave it, with nothing of ours.
flyway_was_here() {
  local name
  mkdir "$READER/migrations"
  echo 'CREATE TABLE bookings (id int PRIMARY KEY);' > "$READER/migrations/V1__bookings.sql"
  echo 'ALTER TABLE bookings ADD COLUMN seat text;' > "$READER/migrations/V2__seats.sql"
  kc create configmap bookings-migrations --namespace="$NAMESPACE" --from-file="$READER/migrations" > /dev/null
  page_blocks yaml '  name: (bookings|charts)\n' moving-here | sed 's/suspend: true/suspend: false/' | apply
  await 90 "a hook has migrated bookings" is_ready_at bookings 2
  await 90 "flyway-operator has migrated charts" is_ready_at charts 1
  kc delete tunetraildatabases bookings charts --namespace="$NAMESPACE" > /dev/null
  kc delete configmap bookings-migrations --namespace="$NAMESPACE" > /dev/null
  for name in bookings charts; do psql_as_admin pg17 "$name" 'DROP SCHEMA tunetrail CASCADE'; done
}

# What Atlas leaves: for one schema its table is there, too; a newer file was not applied.
atlas_was_here() {
  mkdir "$READER/atlas"
  echo 'CREATE TABLE "seats" ("id" integer NOT NULL, PRIMARY KEY ("id"));' | tee "$READER/atlas/20260101000000_seats.sql" > "$READER/seats.sql"
  echo 'ALTER TABLE "seats" ADD COLUMN "row" text;' > "$READER/atlas/20260201000000_rows.sql"
  echo 'h1:' > "$READER/atlas/atlas.sum"
  psql_as_admin pg17 seats "SET ROLE seats; $(< "$READER/seats.sql") INSERT INTO seats VALUES (7);
    CREATE TABLE atlas_schema_revisions (version varchar PRIMARY KEY); INSERT INTO atlas_schema_revisions VALUES ('20260101000000')"
  psql_as_admin pg17 posters 'SET ROLE posters; CREATE TABLE posters (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, place text);
    CREATE INDEX posters_place ON posters (place)'
}

databases_are_taken_over_and_migrated_safely() {
  walk moving-here
  what_others_migrated_goes_on
  walk safe-migrations
  await 90 "what a start command migrated is taken over" is_ready_at mover b929f80a8f42
  await 90 "a database in an earlier wave is ready" is_ready_at waves 1
  await 90 "scripts that are safe ran" is_ready_at guests 4
  expect "$(psql_as_admin pg17 guests "SELECT convalidated FROM pg_constraint WHERE conname = 'guests_hall'")" t "their constraint is valid"
  await 90 "covers are at version 2" is_ready_at covers 2
}

what_others_migrated_goes_on() {
  expect "$(version pg17 bookings)/$(psql_as_admin pg17 bookings "SELECT to_regnamespace('tunetrail') IS NULL")" 2/t \
    "who only looked changed nothing"
  agrees charts pg17
  expect "$(psql_as_admin pg17 charts 'SELECT count(*) FROM flyway_schema_history WHERE version IS NOT NULL')" 1 \
    "flyway-operator's history is the one that goes on"
  await 90 "what Atlas had not applied ran" is_ready_at seats 20260201000000
  expect "$(psql_as_admin pg17 seats 'SELECT id, "row" IS NULL FROM seats')" '7|t' "the rows that Atlas' tables had are there"
  await 90 "a declarative schema is version 1" is_ready_at posters 1
}

whoever_looks_finds_the_way() {
  expect_match "$(walk auditing)" '(^|[[:space:]])yes.*Done.*migrate' "who may and who did is told"
  expect_match "$(walk troubleshooting)" 'covers.*UpToDate.*OK +database' "the state is shown, and the doctor finds nothing"
  walk runbook-recovery
  expect_match "$(walk runbook-deploying)" 'covers.*UpToDate|covers.*migrate' "a deployment is waited for and told"
}

# With what runbooks leave open filled in. A previous container and errors are there only where something is wrong.
runbooks_can_be_followed() {
  local page said job
  job=$(jobs covers | cut -d' ' -f1 | tail -n 1)
  page_blocks yaml 'kind: PersistentVolumeClaim' backups | apply
  psql_as_admin pg17 postgres 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements'
  for page in "$PAGES"/runbooks/*.md; do
    said=$(page_commands "runbooks/$(basename "$page" .md)" |
      sed "s/\bNAMESPACE\b/$NAMESPACE/g; s/\bNAME\b/covers/g; s/\bSECRET\b/covers-db/g; s/\bCLAIM\b/backups/g" |
      sed "s/\bJOB\b/$job/g; s/\bMONITOR\b/postgres/g; s/ --previous\$/& || true/; s/| grep .*/& || true/" |
      as_the_reader) || fail "$(basename "$page") can't be followed: $said"
  done
  pass "every command of the runbooks works"
}

a_rollback_and_forward_again() {
  walk runbook-rollback
  await 60 "covers are forward again" is_ready_at covers 2
  expect "$(psql_as_admin pg17 covers "SELECT string_agg(work, ' ' ORDER BY id) FROM tunetrail.history WHERE work IN ('undo', 'migrate')")" \
    "migrate undo migrate" "and went back before"
}

fresh_namespace
new_reader
trap 'rm -rf "$READER"' EXIT
every_object_is_accepted
every_part_of_a_spec_is_accepted
what_is_wrong_would_be_noticed
what_the_pages_take_for_granted
databases_are_taken_over_and_migrated_safely
whoever_looks_finds_the_way
runbooks_can_be_followed
a_rollback_and_forward_again
