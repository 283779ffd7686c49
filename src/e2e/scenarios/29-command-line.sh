#!/bin/bash
# The command line for people: targets by steps, and what a model-first project gets from its own image, or on a laptop with
# real Alembic from its own folder.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
for part in cluster.d/settings cluster.d/binaries image.d/debian image.d/base image.d/python image.d/applications image.d/runtime; do
  # shellcheck source=/dev/null
  source "$E2E/$part.sh"
done

APP_DIR=${APP_DIR:-$ROOT/target}
JAVA=$(find_jdk)/bin/java
LAYERS=$CACHE/layers
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
MODELS='workingDirectory: /app, urls: [{variable: DATABASE_URL, driver: psycopg}]'
TUNETRAIL='config: migrations/alembic.ini, urls: [{variable: DATABASE_URL, driver: asyncpg}]'

# command_line ARGUMENT...: as a person types it.
command_line() {
  KUBECONFIG=$E2E_KUBECONFIG "$JAVA" -cp "$APP_DIR/tunetrail-operator.jar:$APP_DIR/lib/*" io.tunetrail.operator.Main \
    "$@" --namespace="$NAMESPACE"
}

# refuses PATTERN ARGUMENT...: ends with 1 and says so.
refuses() {
  local said code=0
  said=$(command_line "${@:2}" 2>&1) || code=$?
  expect "$code" 1 "${*:2} ends with 1"
  expect_match "$said" "$1" "${*:2} says what to do"
}

songs() {
  scripts songs V5__songs.sql='CREATE TABLE songs (id int);' V6__bands.sql='CREATE TABLE bands (id int);' \
    V7__plays.sql='CREATE TABLE plays (id int);' U6__bands.sql='DROP TABLE bands;' U7__plays.sql='DROP TABLE plays;'
}

steps_become_the_version_that_is_meant_now() {
  { binding songs pg17; songs; flyway songs staging latest; } | apply
  await 90 "version 7 is reached" is_ready_at songs 7
  refuses 'going back is forbidden.*rollback' target songs -2
  change songs '{"migration":{"rollback":"Undo"}}'
  await 60 "it is ready after the change" is_ready_at songs 7
  expect "$(command_line target songs -2 --dry-run)" "songs: 7 → 5 (undoes 7, 6), not changed" "a dry run says what would run"
  expect "$(command_line target songs -2)" "songs: 7 → 5 (undoes 7, 6)" "two steps back are version 5"
  expect "$(kc get ttdb songs --namespace="$NAMESPACE" --output='jsonpath={.spec.targetVersion}')" 5 "the spec names the version"
  await 90 "version 5 is reached" is_ready_at songs 5
  agrees songs pg17
  expect "$(command_line target songs +1)" "songs: 5 → 6 (applies 6)" "one step forward is version 6"
  await 90 "version 6 is reached" is_ready_at songs 6
  refuses 'steps are too many' target songs +2
  refuses 'no script has version 8' target songs 8
}

the_next_revision_comes_from_the_models() {
  local file
  {
    binding ahead pg17
    ALEMBIC=$TUNETRAIL alembic ahead ahead:1 staging latest
  } | apply
  await 120 "the revisions that there are have run" is_at_its_head ahead pg17
  refuses 'ALTER ROLE.*CREATEDB' generate ahead "add moods" --output="$FOLDER"
  psql_as_admin pg17 postgres 'ALTER ROLE ahead CREATEDB'
  file=$(command_line generate ahead "add moods" --output="$FOLDER")
  expect_match "$file" "^$FOLDER/migrations/versions/[0-9a-f]+_add_moods\.py$" "the new file is where the project has it"
  expect_match "$(cat "$file")" "down_revision.*207064b25dc6.*create_table.'moods'" "it makes the new table after the last revision"
  expect "$(psql_as_admin pg17 ahead "SELECT to_regclass('moods') IS NULL")" t "the live database is untouched"
  expect "$(scratch_databases pg17 ahead)" 0 "no scratch database is left"
  is_ready_at ahead "$(head_of ahead)" || fail "the operator was disturbed"
}

# Flask-Migrate names its revisions' folder itself, by --directory.
flask_migrate_writes_the_next_revision_too() {
  local file
  {
    binding encore pg17
    ALEMBIC='config: migrations/alembic.ini, command: [flask, db], urls: [{variable: DATABASE_URL, driver: psycopg2}]' \
      alembic encore encore:1 staging latest
  } | apply
  await 120 "the revisions of Flask-Migrate that there are have run" is_at_its_head encore pg17
  psql_as_admin pg17 postgres 'ALTER ROLE encore CREATEDB'
  file=$(command_line generate encore "add playlists" --output="$FOLDER/encore")
  expect_match "$file" "^$FOLDER/encore/migrations/versions/[0-9a-f]+_add_playlists_?\.py$" "its new file is where the project has it"
  expect_match "$(cat "$file")" "down_revision.*653d44358093.*create_table.'playlists'" "it makes the new table after the last revision"
  expect "$(psql_as_admin pg17 encore "SELECT to_regclass('playlists') IS NULL")" t "the live database is untouched"
}

check_says_where_models_and_database_differ() {
  local said code=0
  said=$(command_line check ahead 2> /dev/null) || code=$?
  expect "$code/$said" "1/added table 'moods'" "check names the difference and ends with 1"
  change ahead '{"schema":{"alembic":{"image":"localhost/app/tunetrail:1"}}}'
  await 90 "the image whose models agree is current" is_at_its_head ahead pg17
  expect "$(command_line check ahead 2> /dev/null)" "models and database agree" "check of that one ends with 0"
  expect "$(command_line generate ahead nothing --output="$FOLDER" 2> /dev/null)" \
    "models and migrations agree, nothing to generate" "and there is nothing to generate"
}

a_community_database_gets_its_first_revision() {
  local made
  {
    binding modelfirst pg17
    printf 'edition: community\nenvironment: development\nconnection: {secretRef: {name: modelfirst}}\n%s\n' \
      "schema: {createAll: {program: {image: \"localhost/app/modelfirst:1\", command: [python, create.py], $MODELS}}}" |
      resource modelfirst
  } | apply
  await 120 "create-all has made its tables" is_ready_at modelfirst
  psql_as_admin pg17 modelfirst "INSERT INTO playlists (name) VALUES ('Sunday')"
  psql_as_admin pg17 postgres 'ALTER ROLE modelfirst CREATEDB'
  a_first_revision_that_is_not_what_the_database_has_is_told
  made=$(command_line setup modelfirst --metadata=models:Base.metadata --output="$FOLDER/first" 2> /dev/null)
  expect_match "$made" 'first/alembic.ini.*first/migrations/env.py.*first/migrations/versions/[0-9a-f]+_initial.py' "a whole project comes back"
  expect_match "$(cat "$FOLDER"/first/migrations/versions/*.py)" "create_table.'playlists'" "its first revision makes the models' table"
  expect_match "$(cat "$FOLDER"/first/migrations/env.py)" "target_metadata = Base.metadata" "its env.py reads the models"
  refuses 'is there already; nothing is written' setup modelfirst --metadata=models:Base.metadata --output="$FOLDER/first"
  refuses 'has revisions already; generate' setup ahead --metadata=models:Base.metadata --output="$FOLDER/second"
}

a_first_revision_that_is_not_what_the_database_has_is_told() {
  psql_as_admin pg17 modelfirst 'SET ROLE modelfirst; ALTER TABLE playlists ADD mood text; CREATE TABLE moods (id int)'
  refuses '2 differences: column playlists.mood is not in the version; table moods is not in the models' \
    setup modelfirst --metadata=models:Base.metadata --output="$FOLDER/drifted"
  expect "$(find "$FOLDER/drifted/migrations/versions" -name '*.py' | wc -l)" 1 "and is there all the same, to be changed"
  expect "$(scratch_databases pg17 modelfirst)" 0 "no scratch database is left"
  psql_as_admin pg17 modelfirst 'ALTER TABLE playlists DROP mood; DROP TABLE moods'
}

# What setup made is laid over the application, as its team would commit it.
the_first_revision_adopts_the_database_that_it_came_from() {
  local root=$FOLDER/root revision
  mkdir -p "$root/app"
  cp -R "$APPLICATIONS/modelfirst/1/." "$FOLDER/first/." "$root/app"
  "$E2E/oci-archive" build localhost/app/drafted:1 "$FOLDER/drafted.tar" --layer "$(python_layer)" --layer "$root" \
    --user 65532:65532 --workdir /app "${APPLICATION_ENV[@]}"
  "$E2E/load" "$FOLDER/drafted.tar"
  revision=$(basename "$FOLDER"/first/migrations/versions/*.py _initial.py)
  change modelfirst "{\"edition\":\"commercial\",\"schema\":{\"alembic\":{\"image\":\"localhost/app/drafted:1\",
    \"workingDirectory\":\"/app\"}},\"migration\":{\"adopt\":\"Baseline\",\"baselineVersion\":\"$revision\"}}"
  await 120 "commercial adopts it at its first revision" is_ready_at modelfirst "$revision"
  expect "$(revision pg17 modelfirst)/$(psql_as_admin pg17 modelfirst 'SELECT name FROM playlists')" "$revision/Sunday" \
    "it is stamped and has its row"
  expect "$(command_line check modelfirst 2> /dev/null)" "models and database agree" "check finds nothing"
  expect "$(command_line generate modelfirst nothing --output="$FOLDER/first" 2> /dev/null)" \
    "models and migrations agree, nothing to generate" "and there is nothing to generate"
}

# The images' Python and Alembic without the image, as a virtual environment has them.
python_of_a_laptop() {
  local root=$FOLDER/python venv=$FOLDER/venv/bin
  mkdir -p "$root" "$venv"
  tar -xf "$(python_layer)" -C "$root"
  cat > "$venv/python" << SH
#!/bin/sh
export PYTHONHOME=$root/usr PYTHONPATH=\${PYTHONPATH:+\$PYTHONPATH:}$root/opt/venv/lib/python$PYTHON_VERSION/site-packages
exec $root/usr/lib64/ld-linux-x86-64.so.2 --argv0 $venv/python --library-path "$(echo "$root"/usr/lib/*-linux-gnu)" \
  $root/usr/bin/python$PYTHON_VERSION "\$@"
SH
  printf '#!/bin/sh\nexec %s -m alembic "$@"\n' "$venv/python" > "$venv/alembic"
  chmod +x "$venv"/*
}

# address SERVER: its pod's, in the cluster's own network.
address() { kc get pods --namespace=databases --selector="app=$1" --output='jsonpath={.items[0].status.podIP}'; }

# A port that kubectl forwards would end with the first connection that is reset, as one over TLS often is at its end.
in_the_clusters_network() {
  (
    # shellcheck source=/dev/null
    source "$E2E/cluster.d/settings.sh"
    inside "$@"
  )
}

# here COMMAND ARGUMENT...: on the laptop's database and folder, with nothing of the cluster.
here() {
  KUBECONFIG=/dev/null in_the_clusters_network "$JAVA" -cp "$APP_DIR/tunetrail-operator.jar:$APP_DIR/lib/*" io.tunetrail.operator.Main "$@" \
    --local="$FOLDER/laptop.yaml" --project="$FOLDER/laptop" --python="$FOLDER/venv/bin/python"
}

the_same_is_done_on_a_laptop_with_real_alembic() {
  local said code=0
  python_of_a_laptop
  mkdir "$FOLDER/laptop"
  cp -R "$APPLICATIONS"/{tunetrail/1,ahead/1}/. "$FOLDER/laptop"
  { binding laptop pg17; ALEMBIC=$TUNETRAIL alembic laptop ahead:1 staging latest; } > "$FOLDER/laptop.yaml"
  PGHOST=$(address pg17)
  export PGHOST
  expect_match "$(here plan)" 'CREATE TABLE users.*CREATE TABLE tracks' "its own Alembic tells the plan"
  expect_match "$(here migrate 2> /dev/null)" 'at version 207064b25dc6' "and migrates"
  expect "$(revision pg17 laptop)" 207064b25dc6 "as Alembic's table says"
  expect "$(here wait --for version=207064b25dc6)" "laptop: the database is at version 207064b25dc6" "who waits for it is told"
  said=$(here check) || code=$?
  expect "$code/$said" "1/added table 'moods'" "check names what the models have besides"
  psql_as_admin pg17 postgres 'ALTER ROLE laptop CREATEDB'
  said=$(here generate laptop "add moods" --output="$FOLDER/laptop")
  expect_match "$said" "laptop/migrations/versions/[0-9a-f]+_add_moods\.py$" "generate writes the next revision into the project"
  expect_match "$(here migrate 2> /dev/null)" "at version $(basename "$said" _add_moods.py)" "which runs"
  expect "$(here check)" "models and database agree" "and is what was missing"
  expect_match "$(here undo --to=-1 --yes 2> /dev/null)" "laptop: .* → 207064b25dc6 .undoes.*at version 207064b25dc6" "undo takes it back"
  expect "$(psql_as_admin pg17 laptop "SELECT to_regclass('moods') IS NULL, count(*) FROM tunetrail.history")" "t|3" \
    "psql finds that, and all three works in the history"
  expect "$(scratch_databases pg17 laptop)" 0 "no scratch database is left"
}

what_is_not_understood_ends_with_2() {
  local code=0
  command_line setup modelfirst 2> /dev/null || code=$?
  expect "$code" 2 "setup without --metadata ends with 2"
}

fresh_namespace
new_databases pg17 songs ahead modelfirst encore laptop
steps_become_the_version_that_is_meant_now
the_next_revision_comes_from_the_models
flask_migrate_writes_the_next_revision_too
check_says_where_models_and_database_differ
a_community_database_gets_its_first_revision
the_first_revision_adopts_the_database_that_it_came_from
the_same_is_done_on_a_laptop_with_real_alembic
what_is_not_understood_ends_with_2
