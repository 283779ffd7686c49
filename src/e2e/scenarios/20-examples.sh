#!/bin/bash
# Every file of examples/, applied as examples/README.md says, ends in the table that it shows.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

EXAMPLES=$ROOT/examples

# as_the_dba SERVER PSQL-ARGUMENT...: examples/databases.sql, called as its head says.
as_the_dba() {
  kc exec --stdin --namespace=databases "deployment/$1" --container=postgres -- bash -c \
    'PGPASSWORD=$(cat /etc/postgresql/password/password) exec psql -h "$0.databases" -U postgres -q "$@" -f -' "$@" \
    < "$EXAMPLES/databases.sql" > /dev/null
}

make_databases() {
  psql_script pg17 <<< 'DROP DATABASE IF EXISTS karaoke WITH (FORCE); DROP DATABASE IF EXISTS soleil WITH (FORCE);'
  psql_script pg15 <<< 'DROP DATABASE IF EXISTS karaoke_community WITH (FORCE); DROP DATABASE IF EXISTS tunetrail WITH (FORCE);'
  as_the_dba pg17 -v karaoke_password=example-only-karaoke -v soleil_password=example-only-soleil
  as_the_dba pg15 -v karaoke_community_password=example-only-karaoke-community -v tunetrail_password=example-only-tunetrail
  as_the_dba pg15 -v karaoke_community_password=example-only-karaoke-community -v tunetrail_password=example-only-tunetrail
  pass "databases.sql makes the databases and may run again"
}

# Lines of `kubectl get ttdb` on the standard input, without the age and without the widths of columns.
without_age() { sed -E 's/ +[^ ]+ *$//; s/ +/ /g'; }

shown_by_the_readme() { sed -n '/^NAME /,/^```/p' "$EXAMPLES/README.md" | grep -v '^```' | without_age; }

printed_as_the_readme_shows() {
  local printed
  printed=$(kc get ttdb --namespace="$NAMESPACE" | without_age)
  echo "$printed"
  [[ $printed == "$(shown_by_the_readme)" ]]
}

every_resource_ends_as_the_readme_shows() {
  kc apply --namespace="$NAMESPACE" -f "$EXAMPLES/karaoke/" -f "$EXAMPLES/soleil/" -f "$EXAMPLES/tunetrail/" > /dev/null
  await 90 "kubectl get ttdb prints the table of examples/README.md" printed_as_the_readme_shows
}

postgresql_counts_the_same() {
  agrees karaoke pg17
  agrees tunetrail pg15
  expect "$(status "$NAMESPACE" karaoke-community .tableCount)" "$(tables pg15 karaoke_community)" \
    "karaoke-community has the tables that psql counts"
  expect "$(tables pg17 soleil)" 0 "psql finds nothing in soleil, which waits for approval"
  expect "$(psql_as_admin pg17 karaoke "SELECT indisvalid FROM pg_index WHERE indexrelid = 'songs_title_artist'::regclass")" t \
    "karaoke's concurrent index is valid"
  expect "$(psql_as_admin pg15 tunetrail "SELECT column_default FROM information_schema.columns
    WHERE table_name = 'users' AND column_name = 'plan'")" "'trial'::character varying" "tunetrail's placeholder is filled in"
}

# as_the_readme_shows LINES: runs the lines that awk selects.
as_the_readme_shows() {
  awk "$1" "$EXAMPLES/README.md" | sed "s/ -n music / -n $NAMESPACE /; /^\`\`\`/d" | KUBECONFIG=$E2E_KUBECONFIG bash
}

soleil_runs_once_it_is_approved() {
  expect "$(status "$NAMESPACE" soleil '.pending[*].version')" "1 2 3 4" "soleil lists the versions that would run"
  expect_match "$(as_the_readme_shows '/^plan\(\)/,/^```/')" 'CREATE TABLE.*soleil patched' "the plan shows the SQL, and is approved"
  await 90 "soleil is migrated after approval" is_ready_at soleil 4
  expect "$(tables pg17 soleil)" 4 "soleil has the 4 tables that the README tells"
  agrees soleil pg17
  expect "$(status "$NAMESPACE" soleil .approval.spent)" true "the approval is spent"
  expect "$(psql_as_admin pg17 soleil 'SELECT approved_by FROM tunetrail.history')" dba@soleil.example \
    "tunetrail.history names who approved"
}

the_approval_can_be_taken_away_afterwards() {
  change soleil '{"approval":null}'
  expect "$(kc get ttdb soleil --namespace="$NAMESPACE" --output='jsonpath={.spec.approval}')" "" "the approval is away"
  await 90 "soleil stays ready without it" is_ready_at soleil 4
  expect "$(works pg17 soleil)" 1 "and nothing ran again"
}

# goes_back_to NAME SERVER VERSION: as PostgreSQL tells too.
goes_back_to() {
  await 90 "$1 goes back to version $3" is_ready_at "$1" "$3"
  agrees "$1" "$2"
}

# is_as_before NAME SERVER VERSION CATALOG
is_as_before() {
  await 90 "$1 goes forward again" is_ready_at "$1" "$3"
  expect "$(catalog "$2" "$1")" "$4" "$1 has the catalog it had"
}

karaoke_and_tunetrail_go_back_and_forward_again() {
  local karaoke tunetrail
  psql_as_admin pg17 karaoke "INSERT INTO songs (id, title) VALUES ('1', 'kept')"
  karaoke=$(catalog pg17 karaoke)
  tunetrail=$(catalog pg15 tunetrail)
  as_the_readme_shows '/^kubectl patch ttdb karaoke/' > /dev/null
  change tunetrail '{"targetVersion":"2","migration":{"rollback":"Undo"}}'
  goes_back_to karaoke pg17 1
  goes_back_to tunetrail pg15 2
  change karaoke '{"targetVersion":"4"}'
  change tunetrail '{"targetVersion":"latest"}'
  is_as_before karaoke pg17 4 "$karaoke"
  is_as_before tunetrail pg15 3.1 "$tunetrail"
  expect "$(psql_as_admin pg17 karaoke 'SELECT title FROM songs')" kept "and the row it had"
}

soleil_goes_back_and_forward_once_each_way_is_approved() {
  local soleil
  soleil=$(catalog pg17 soleil)
  change soleil '{"targetVersion":"1","migration":{"rollback":"Undo"}}'
  await 60 "soleil waits for an approval to go back" says soleil AwaitingApproval 'undo: true; 3 reverse scripts to version 1'
  approve_plan soleil 1 '"undo":true,"destructive":true'
  goes_back_to soleil pg17 1
  change soleil '{"targetVersion":"4"}'
  await 60 "soleil waits for an approval to go forward" says soleil AwaitingApproval '3 migrations to version 4'
  approve_plan soleil 4 '"undo":null,"destructive":null'
  is_as_before soleil pg17 4 "$soleil"
}

fresh_namespace
make_databases
every_resource_ends_as_the_readme_shows
postgresql_counts_the_same
soleil_runs_once_it_is_approved
the_approval_can_be_taken_away_afterwards
karaoke_and_tunetrail_go_back_and_forward_again
soleil_goes_back_and_forward_once_each_way_is_approved
