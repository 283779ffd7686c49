#!/bin/bash
# The README's own YAML and commands, as they stand there but for the registry's name: every object works.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/image.d/runtime.sh"

APP_DIR=${APP_DIR:-$ROOT/target}
JAVA_BIN=$(find_jdk)/bin
AWAITED=()
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT

# readme_blocks LANGUAGE PATTERN: the README's blocks of that language that match, without their indentation.
readme_blocks() {
  awk -v fence='```' -v language="$1" -v pattern="$2" '
    !inside && $0 ~ "^ *" fence language "$" {inside = 1; indent = index($0, fence); block = ""; next}
    inside && $1 == fence {inside = 0; if (block ~ pattern) printf (language == "yaml" ? "---\n%s" : "%s"), block; next}
    inside {block = block substr($0, indent) "\n"}' "$ROOT/README.md"
}

# readme_objects [NAME]: those blocks that are whole objects.
readme_objects() {
  readme_blocks yaml "(^|\n)kind:.*\n  name: ${1:-[a-z]+}\n" |
    sed 's|registry\.example\.org/radio-sql:|localhost/sql/radio:|; s|registry\.example\.org/|localhost/app/|'
}

# as_a_reader: runs the commands of the standard input in a folder of one's own, with the scenario's namespace.
as_a_reader() {
  (cd "$FOLDER" && PATH=$JAVA_BIN:$PATH KUBECONFIG=$FOLDER/kubeconfig PASSWORD=secret bash -euo pipefail)
}

# bound NAME: the Secret NAME-db for database NAME.
bound() { binding "$1" pg17 | sed "s/metadata: {name: $1}/metadata: {name: $1-db}/"; }

what_the_readme_takes_for_granted() {
  local name
  new_databases pg17 songs radio soleil karaoke search tunetrail bands albums playlists
  for name in albums playlists soleil tunetrail; do psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"; done
  psql_as_admin pg17 albums "SET ROLE albums; CREATE TABLE albums (id int PRIMARY KEY); INSERT INTO albums VALUES (42)"
  for name in radio soleil karaoke search tunetrail bands albums playlists; do bound "$name"; done | apply
  {
    scripts bands-migrations V1__bands.sql='CREATE TABLE bands (id int PRIMARY KEY);' V2__tours.sql='CREATE TABLE tours ();' \
      U2__tours.sql='DROP TABLE tours;'
    scripts albums-migrations V1__albums.sql='CREATE TABLE albums (id int PRIMARY KEY);' V2__covers.sql='CREATE TABLE covers ();'
  } | apply
  kc create service externalname postgres --namespace="$NAMESPACE" --external-name=pg17.databases.svc.cluster.local > /dev/null
  mkdir "$FOLDER/migrations"
  echo 'CREATE TABLE songs (id int PRIMARY KEY);' > "$FOLDER/migrations/V1__songs.sql"
  ln -s "$APP_DIR" "$FOLDER/target"
  kc config view --raw --minify --flatten > "$FOLDER/kubeconfig"
  kubectl --kubeconfig="$FOLDER/kubeconfig" config set-context --current --namespace="$NAMESPACE" > /dev/null
}

# gets_ready NAME VERSION WHAT
gets_ready() {
  await 120 "$3" is_ready_at "$1" "$2"
  AWAITED+=("tunetraildatabase.tunetrail.io/$1")
}

the_first_resource_by_its_commands() {
  readme_blocks sh '^kubectl create (secret|configmap)' | as_a_reader > /dev/null
  readme_objects songs | apply
  expect_match "$(readme_blocks sh '^kubectl wait ttdb/songs' | as_a_reader)" 'songs +commercial +staging +1 +1 +1 +True +UpToDate' \
    "the first resource is waited for and shown"
  gets_ready songs 1 "the first resource"
}

what_was_before() {
  readme_objects bands | sed 's/ersion: "1"/ersion: "2"/' | apply
  await 90 "bands wait for their approval" says bands AwaitingApproval
  approve_plan bands 2
  readme_objects playlists | sed 's/edition: commercial .*/edition: community/' | apply
  await 120 "bands are at version 2 before they go back" is_ready_at bands 2
  await 120 "playlists are community's before they are commercial" is_ready_at playlists
  psql_as_admin pg17 playlists "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'kept')"
}

every_object_of_the_readme_works() {
  readme_objects | apply
  readme_blocks sh '^kubectl wait ttdb/bands' | as_a_reader > /dev/null
  gets_ready radio 1 "Flyway's scripts from an image"
  gets_ready soleil b929f80a8f42 "Alembic"
  gets_ready karaoke 653d44358093 "Flask-Migrate"
  gets_ready search 6615f34387a3 "one branch, and a version table of another name"
  gets_ready tunetrail - "community by the application's models, with fixtures"
  gets_ready bands 1 "going back in production"
  gets_ready albums 2 "taking over"
  gets_ready playlists 51a4b1decfae "from community to commercial"
  await 120 "the application that waits has started" has_started soleil
  AWAITED+=(pod/soleil)
  expect "$(printf '%s\n' "${AWAITED[@]}" | sort)" "$(readme_objects | kc create --dry-run=client --output=name --filename=- | sort)" \
    "no object of the README was left out"
}

has_started() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == Succeeded ]]; }

postgresql_says_so_too() {
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
  said=$(readme_blocks sh '^tunetrail\(\)' | as_a_reader)
  echo "$said"
  expect_match "$said" 'Edition: +enterprise, production' "status shows how a database stands"
  expect_match "$said" 'bands: 1 → 2 \(applies 2\), not changed' "target says what would run"
  expect_match "$said" 'models and migrations agree, nothing to generate' "generate has nothing to add"
  expect_match "$said" 'models and database agree' "check finds no difference"
  expect_match "$said" 'versions/[0-9a-f]+_initial\.py' "setup makes a first migration"
}

fresh_namespace
what_the_readme_takes_for_granted
the_first_resource_by_its_commands
what_was_before
every_object_of_the_readme_works
postgresql_says_so_too
the_command_line_as_it_is_shown
and_back_to_community
