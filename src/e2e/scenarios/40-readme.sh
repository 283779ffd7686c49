#!/bin/bash
# The README's own YAML, applied as it stands there but for the registry's name: each resource gets ready.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

# The README's yaml blocks that are whole objects.
readme_objects() {
  awk '/^```yaml$/ {inside = 1; block = ""; next} /^```$/ && inside {inside = 0; if (block ~ /(^|\n)kind:/) printf "---\n%s", block}
    inside {block = block $0 "\n"}' "$ROOT/README.md" | sed 's|registry\.example\.org/|localhost/app/|'
}

# bound NAME: the Secret NAME-db for database NAME.
bound() { binding "$1" pg17 | sed "s/metadata: {name: $1}/metadata: {name: $1-db}/"; }

what_the_readme_takes_for_granted() {
  new_databases pg17 soleil karaoke tunetrail bands albums
  psql_as_admin pg17 postgres 'ALTER ROLE albums CREATEDB'
  psql_as_admin pg17 albums "SET ROLE albums; CREATE TABLE albums (id int PRIMARY KEY); INSERT INTO albums VALUES (42)"
  {
    bound soleil
    bound karaoke
    bound tunetrail
    bound bands
    bound albums
    scripts bands-migrations V1__bands.sql='CREATE TABLE bands (id int PRIMARY KEY);' V2__tours.sql='CREATE TABLE tours ();' \
      U2__tours.sql='DROP TABLE tours;'
    scripts albums-migrations V1__albums.sql='CREATE TABLE albums (id int PRIMARY KEY);' V2__covers.sql='CREATE TABLE covers ();'
  } | apply
}

bands_are_at_version_2() {
  readme_objects | sed '/name: bands$/,/^---/ s/targetVersion: "1"/targetVersion: latest/' | apply
  await 120 "bands are at version 2 before they go back" is_ready_at bands 2
}

every_object_of_the_readme_works() {
  readme_objects | apply
  await 120 "Alembic" is_ready_at soleil b929f80a8f42
  await 120 "Flask-Migrate" is_ready_at karaoke 653d44358093
  await 120 "community by the application's models, with fixtures" is_ready_at tunetrail
  await 120 "going back" is_ready_at bands 1
  await 120 "taking over" is_ready_at albums 2
  expect "$(psql_as_admin pg17 albums 'SELECT id FROM albums')" 42 "the tables that were taken over keep their rows"
  await 30 "the fixtures are in" fixtures_are_in tunetrail
  await 120 "the application that waits has started" has_started soleil
}

fixtures_are_in() { [[ $(status "$NAMESPACE" "$1" .seed.current)/$(status "$NAMESPACE" "$1" .seed.outcome) == true/Done ]]; }

has_started() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == Succeeded ]]; }

fresh_namespace
what_the_readme_takes_for_granted
bands_are_at_version_2
every_object_of_the_readme_works
