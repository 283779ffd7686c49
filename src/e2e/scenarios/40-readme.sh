#!/bin/bash
# The how-to pages' own YAML and commands, as they stand there but for names of servers and registries: every object works.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"

PAGES_HERE=(flyway alembic create-all going-back taking-over waiting)
NAMES=(covers radio soleil karaoke search choir tunetrail bands albums playlists)
AWAITED=()
trap 'rm -rf "$READER"' EXIT

# bound NAME: the Secret NAME-db for database NAME.
bound() { binding "$1" pg17 | sed "s/metadata: {name: $1}/metadata: {name: $1-db}/"; }

what_the_pages_take_for_granted() {
  local name
  new_databases pg17 "${NAMES[@]}"
  for name in albums playlists soleil tunetrail; do psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"; done
  psql_as_admin pg17 albums "SET ROLE albums; CREATE TABLE albums (id int PRIMARY KEY); INSERT INTO albums VALUES (42)"
  for name in "${NAMES[@]}"; do bound "$name"; done | apply
  {
    scripts bands-migrations V1__bands.sql='CREATE TABLE bands (id int PRIMARY KEY);' V2__tours.sql='CREATE TABLE tours ();' \
      U2__tours.sql='DROP TABLE tours;'
    scripts albums-migrations V1__albums.sql='CREATE TABLE albums (id int PRIMARY KEY);' V2__covers.sql='CREATE TABLE covers ();'
  } | apply
}

# gets_ready NAME VERSION WHAT
gets_ready() {
  await 120 "$3" is_ready_at "$1" "$2"
  AWAITED+=("tunetraildatabase.tunetrail.io/$1")
}

what_was_before() {
  page_objects going-back | sed 's/ersion: "1"/ersion: "2"/' | apply
  await 90 "bands wait for their approval" says bands AwaitingApproval
  approve_plan bands 2
  page_blocks yaml 'name: playlists\n' taking-over | sed 's/edition: commercial .*/edition: community/' | apply
  await 120 "bands are at version 2 before they go back" is_ready_at bands 2
  await 120 "playlists are community's before they are commercial" is_ready_at playlists
  psql_as_admin pg17 playlists "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'kept')"
}

every_object_of_the_pages_works() {
  walk flyway
  walk alembic
  walk create-all
  walk taking-over
  walk waiting
  walk going-back
  gets_ready covers 2 "Flyway's scripts from a ConfigMap"
  gets_ready radio 1 "Flyway's scripts from an image"
  gets_ready soleil b929f80a8f42 "Alembic"
  gets_ready karaoke 653d44358093 "Flask-Migrate"
  gets_ready search 6615f34387a3 "one branch, and a version table of another name"
  gets_ready choir - "community by SQL"
  gets_ready tunetrail - "community by the application's models, with fixtures"
  gets_ready bands 1 "going back in production"
  gets_ready albums 2 "taking over"
  gets_ready playlists 51a4b1decfae "from community to commercial"
  await 120 "the application that waits has started" has_started soleil
  AWAITED+=(pod/soleil)
  expect "$(printf '%s\n' "${AWAITED[@]}" | sort)" "$(objects_but_their_inputs)" "no object of the pages was left out"
}

objects_but_their_inputs() {
  page_objects "${PAGES_HERE[@]}" | kc create --dry-run=client --output=name --filename=- | grep -v ^configmap | sort
}

has_started() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == Succeeded ]]; }

postgresql_says_so_too() {
  expect "$(psql_as_admin pg17 covers "SELECT indisvalid FROM pg_index WHERE indexrelid = 'covers_by_song'::regclass")" t \
    "psql finds the index that was made outside a transaction"
  expect "$(psql_as_admin pg17 search 'SELECT version_num FROM search_version')" 6615f34387a3 "psql finds the branch's revision"
  expect "$(psql_as_admin pg17 bands "SELECT to_regclass('tours') IS NULL")" t "psql does not find what was taken back"
  expect "$(psql_as_admin pg17 albums 'SELECT id FROM albums')" 42 "the tables that were taken over keep their rows"
  await 30 "the fixtures are in" fixtures_are_in tunetrail
}

fixtures_are_in() { [[ $(status "$NAMESPACE" "$1" .seed.current)/$(status "$NAMESPACE" "$1" .seed.outcome) == true/Done ]]; }

and_back_to_community() {
  change playlists '{"edition":"community"}'
  await 60 "community again keeps the history and says so" keeps_its_history playlists
  expect "$(psql_as_admin pg17 playlists 'SELECT email FROM users')" kept "the row survived both ways"
}

keeps_its_history() { is_ready_at "$1" && [[ $(message "$1") == *"history in public.alembic_version is kept and not used"* ]]; }

the_command_line_as_it_is_shown() {
  local said
  said=$(walk command-line)
  echo "$said"
  expect_match "$said" 'Edition: +enterprise, production' "status shows how a database stands"
  expect_match "$said" 'bands: 1 → 2 \(applies 2\), not changed' "target says what would run"
  expect_match "$said" 'models and migrations agree, nothing to generate' "generate has nothing to add"
  expect_match "$said" 'models and database agree' "check finds no difference"
  expect_match "$said" 'versions/[0-9a-f]+_initial\.py' "setup makes a first migration"
}

fresh_namespace
new_reader
what_the_pages_take_for_granted
what_was_before
every_object_of_the_pages_works
postgresql_says_so_too
the_command_line_as_it_is_shown
and_back_to_community
