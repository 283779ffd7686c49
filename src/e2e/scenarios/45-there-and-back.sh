#!/bin/bash
# Every Alembic project to its head, back to nothing and forward again: the catalog is the one it was. Going back in
# production, and a way back that fails. (The Flyway examples' way back is in 20-examples.)
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

USERS=ebdde5263aa5
SONGS=94e966246223
NAMELESS=5c1d0b9a7e24
UNDO='migration: {rollback: Undo}'
DARWIN='urls: [{variable: DATABASE_URL, driver: psycopg}]'
TUNETRAIL='config: migrations/alembic.ini, urls: [{variable: DATABASE_URL, driver: asyncpg}]'
KARAOKE='config: migrations/alembic.ini, command: [flask, db], urls: [{variable: DATABASE_URL, driver: psycopg2}]'
PROJECTS=(soleil darwin tunetrail karaoke)
declare -A BEFORE

all_are_at_their_heads() {
  local name
  for name in "${PROJECTS[@]}"; do await 120 "$name is at its head" is_at_its_head "$name" pg17; done
}

all_are_targeted_at() {
  local name
  for name in "${PROJECTS[@]}"; do change "$name" "{\"targetVersion\":\"$1\"}"; done
}

public_tables() {
  psql_as_admin pg17 "$1" "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"
}

every_project_goes_back_to_nothing_and_ends_with_the_catalog_it_had() {
  local name
  for name in "${PROJECTS[@]}"; do binding "$name" pg17; done | apply
  {
    alembic soleil soleil:3 staging latest "$UNDO"
    ALEMBIC=$DARWIN alembic darwin darwin:1 staging latest "$UNDO"
    ALEMBIC=$TUNETRAIL alembic tunetrail tunetrail:2 staging latest "$UNDO"
    ALEMBIC=$KARAOKE alembic karaoke karaoke:1 staging latest "$UNDO"
  } | apply
  all_are_at_their_heads
  for name in "${PROJECTS[@]}"; do BEFORE[$name]=$(catalog pg17 "$name"); done
  all_are_targeted_at base
  for name in "${PROJECTS[@]}"; do
    await 120 "$name goes back to nothing" is_ready_at "$name"
    expect "$(public_tables "$name")/$(revision pg17 "$name")" alembic_version/ "psql finds no table of $name's, and no revision"
  done
  all_are_targeted_at latest
  all_are_at_their_heads
  for name in "${PROJECTS[@]}"; do
    expect "$(catalog pg17 "$name")" "${BEFORE[$name]}" "$name has the catalog it had"
  done
}

production_goes_back_only_with_an_approval_of_its_own() {
  local before digest
  {
    binding gated pg17
    alembic gated soleil:2 production latest "${UNDO%\}}, approval: Version}" "approval: {version: $SONGS, approvedBy: ada}"
  } | sed 's/{secretRef: {name: gated}}/{secretRef: {name: gated}, caRef: {configMap: {name: pg-ca}}}/' | apply
  await 120 "production is at its head" is_at_its_head gated pg17
  before=$(catalog pg17 gated)
  change gated "{\"targetVersion\":\"$USERS\",\"approval\":{\"version\":\"$USERS\"}}"
  await 90 "an approval that does not say so is not one to go back" says gated AwaitingApproval 'undo: true'
  expect "$(revision pg17 gated)" "$SONGS" "nothing is taken back"
  digest=$(status "$NAMESPACE" gated .pendingDigest)
  change gated "{\"approval\":{\"version\":\"$USERS\",\"undo\":true,\"digest\":\"$digest\"}}"
  await 120 "approved, it goes back" is_ready_at gated "$USERS"
  expect "$(revision pg17 gated)/$(status "$NAMESPACE" gated .approval.spent)" "$USERS/true" "psql finds the revision, the approval is spent"
  change gated "{\"targetVersion\":\"latest\",\"approval\":{\"version\":\"$SONGS\",\"undo\":null,\"digest\":null}}"
  await 120 "approved anew, it goes forward" is_at_its_head gated pg17
  expect "$(catalog pg17 gated)" "$before" "the catalog is the one it had"
  expect "$(psql_as_admin pg17 gated "SELECT string_agg(work || ' by ' || approved_by, ', ' ORDER BY id) FROM tunetrail.history")" \
    "migrate by ada, undo by ada, migrate by ada" "tunetrail.history tells all three"
}

a_way_back_that_fails_leaves_everything_where_it_was() {
  local before
  { binding nameless pg17; alembic nameless nameless:1 staging latest "$UNDO"; } | apply
  await 120 "users may be nameless" is_ready_at nameless "$NAMELESS"
  psql_as_admin pg17 nameless "INSERT INTO users (id, email, google_id) VALUES ('1', 'a@b', 'g')"
  before=$(catalog pg17 nameless)
  change nameless "{\"targetVersion\":\"$USERS\"}"
  await 120 "what is in the way is told" says nameless MigrationFailed 'display_name.*contains null values'
  expect "$(revision pg17 nameless)" "$NAMELESS" "no revision is taken back"
  expect "$(catalog pg17 nameless)" "$before" "the catalog is the one it had"
  expect "$(status "$NAMESPACE" nameless .migrationVersion)" "$NAMELESS" "the status says where it is"
  psql_as_admin pg17 nameless "UPDATE users SET display_name = 'named'"
  change nameless '{"migration":{"retry":"all are named"}}'
  await 120 "once it is out of the way it goes back" is_ready_at nameless "$USERS"
  change nameless '{"targetVersion":"latest"}'
  await 120 "and forward again" is_ready_at nameless "$NAMELESS"
  expect "$(catalog pg17 nameless)" "$before" "the catalog is the one it had once more"
  expect "$(psql_as_admin pg17 nameless 'SELECT display_name FROM users')" named "the row survived"
}

fresh_namespace
new_databases pg17 "${PROJECTS[@]}" gated nameless
every_project_goes_back_to_nothing_and_ends_with_the_catalog_it_had
production_goes_back_only_with_an_approval_of_its_own
a_way_back_that_fails_leaves_everything_where_it_was
