#!/bin/bash
# Scripts as people hand them in: wrong ones are refused by the file's name before anything runs, odd ones run.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'

# given NAME: Secret and resource of that name, whose ConfigMap is another's matter.
given() {
  binding "$1" pg15
  flyway "$1" staging latest
}

# refused NAME: nothing of it ran.
refused() { expect "$(jobs "$1")$(tables pg15 "$1")" 0 "$1: no Job was started, psql finds no table"; }

fault_41_duplicate_versions() {
  { given duplicate; scripts duplicate V1__songs.sql="$SONGS" V01__bands.sql='CREATE TABLE bands ();'; } | apply
}
fault_41_duplicate_versions_are_told() {
  await 60 "both files are named" says duplicate InvalidScripts 'V01__bands.sql and V1__songs.sql have the same version'
  refused duplicate
  scripts duplicate V1__songs.sql="$SONGS" V2__bands.sql='CREATE TABLE bands ();' | apply
}
fault_41_duplicate_versions_are_mended() { await 90 "renumbered, they run" is_ready_at duplicate 2; }

fault_41_an_empty_file() {
  { given empty; scripts empty V1__songs.sql="$SONGS" V2__nothing.sql=''; } | apply
}
fault_41_an_empty_file_is_told() {
  await 60 "the empty file is named" says empty InvalidScripts 'V2__nothing.sql is empty'
  refused empty
  scripts empty V1__songs.sql="$SONGS" V2__nothing.sql='CREATE TABLE bands ();' | apply
}
fault_41_an_empty_file_is_mended() { await 90 "filled, it runs" is_ready_at empty 2; }

# PowerShell writes both, and kubectl takes them as they are.
fault_41_byte_order_mark_and_carriage_returns() {
  printf '\xef\xbb\xbfCREATE TABLE songs (\r\n  id int\r\n);\r\n' > "$folder/V1__songs.sql"
  kc create configmap windows --namespace="$NAMESPACE" --from-file="$folder/V1__songs.sql" > /dev/null
  given windows | apply
}
fault_41_byte_order_mark_and_carriage_returns_are_told() {
  await 90 "a byte order mark and carriage returns do no harm" is_ready_at windows 1
  before=$(status "$NAMESPACE" windows .inputsDigest)
  printf 'CREATE TABLE songs (\n  id int\n);\n' > "$folder/V1__songs.sql"
  kc create configmap windows --namespace="$NAMESPACE" --from-file="$folder/V1__songs.sql" --dry-run=client --output=yaml | apply
}
fault_41_byte_order_mark_and_carriage_returns_are_mended() {
  await 90 "the same text without them is not taken for a changed script" has_taken_over windows
}
# has_taken_over NAME: Ready with other inputs than those that ran.
has_taken_over() {
  [[ $(status "$NAMESPACE" "$1" .inputsDigest) != "$before" ]] && is_ready_at "$1" 1
}

fault_41_bytes_that_are_no_text() {
  printf 'CREATE TABLE caf\xe9 ();' > "$folder/V1__latin.sql"
  kc create configmap latin --namespace="$NAMESPACE" --from-file="$folder/V1__latin.sql" > /dev/null
  given latin | apply
}
fault_41_bytes_that_are_no_text_are_told() {
  await 60 "a file that is not UTF-8 is named" says latin InvalidScripts 'not UTF-8 text: V1__latin.sql'
  refused latin
  kc delete configmap latin --namespace="$NAMESPACE" > /dev/null
  scripts latin V1__latin.sql='CREATE TABLE café ();' | apply
}
fault_41_bytes_that_are_no_text_are_mended() { await 90 "as UTF-8 it runs" is_ready_at latin 1; }

fault_41_out_of_order() {
  { given late; scripts late V1__songs.sql="$SONGS" V3__bands.sql='CREATE TABLE bands ();'; } | apply
}
fault_41_out_of_order_is_told() {
  await 90 "version 3 is there" is_ready_at late 3
  scripts late V1__songs.sql="$SONGS" V2__late.sql='CREATE TABLE late ();' V3__bands.sql='CREATE TABLE bands ();' | apply
  await 60 "what came late is named" says late OutOfOrder 'V2__late.sql.*Renumber it above'
  expect "$(version pg15 late)/$(tables pg15 late)" 3/2 "nothing of it ran"
  change late '{"schema":{"flyway":{"outOfOrder":true}}}'
}
fault_41_out_of_order_is_mended() {
  await 90 "where it is allowed it runs" has_tables late 3
  await 60 "and the version stays the highest" is_ready_at late 3
}
has_tables() { [[ $(tables pg15 "$1") == "$2" ]]; }

# The API server takes no larger ConfigMap; so it is missing, and what to do instead is said there.
fault_40_more_than_a_config_map_takes() {
  local said
  head -c 1100000 /dev/zero | tr '\0' '-' > "$folder/V1__large.sql"
  if said=$(kc create configmap toolarge --namespace="$NAMESPACE" --from-file="$folder/V1__large.sql" 2>&1); then
    fail "the API server took a ConfigMap of 1.1 MB"
  fi
  expect_match "$said" 1048576 "no ConfigMap takes 1.1 MB"
  given toolarge | apply
}
fault_40_more_than_a_config_map_takes_is_told() {
  await 60 "the image is named as the way" says toolarge ConfigMapMissing '1 MiB.*schema.flyway.image'
  refused toolarge
  change toolarge '{"schema":{"flyway":{"configMaps":null,"image":"localhost/sql/radio:1","path":"/flyway/sql"}}}'
}
fault_40_more_than_a_config_map_takes_is_mended() {
  await 120 "an image's scripts run" is_ready_at toolarge 1
}

# status_bytes NAME
status_bytes() { kc get tunetraildatabase "$1" --namespace="$NAMESPACE" --output=json | jq --compact-output .status | wc --bytes; }

# is_small NAME WHEN
is_small() {
  (($(status_bytes "$1") < 8192)) || fail "$2 the status has $(status_bytes "$1") bytes"
  pass "$2 the status has $(status_bytes "$1") bytes"
}

TABLES=5000
MIGRATIONS=2000

# Ten scripts that make 500 tables each, for one transaction has not so many locks, and as many others as there may be.
fault_57_5000_tables_and_2000_migrations() {
  local number
  mkdir "$folder/large"
  for ((number = 1; number <= 10; number++)); do
    echo "DO 'BEGIN FOR i IN 1..$((TABLES / 10)) LOOP EXECUTE format(''CREATE TABLE t_%s_%s (id int)'', $number, i); END LOOP; END';" \
      > "$folder/large/V${number}__tables.sql"
  done
  for ((number = 11; number <= MIGRATIONS; number++)); do echo "SELECT $number;" > "$folder/large/V${number}__change.sql"; done
  kc create configmap large --namespace="$NAMESPACE" --from-file="$folder/large" > /dev/null
  { binding large pg15; flyway large staging latest 'suspend: true'; } | apply
}
fault_57_5000_tables_and_2000_migrations_are_told() {
  await 90 "$MIGRATIONS migrations are pending" says large Suspended
  expect "$(status "$NAMESPACE" large .pendingCount)" "$MIGRATIONS" "the status counts all of them"
  is_small large "with all pending"
  change large '{"suspend":false}'
}
fault_57_5000_tables_and_2000_migrations_are_mended() {
  local statements
  await 300 "all of them run" is_ready_at large "$MIGRATIONS"
  expect "$(tables pg15 large)" "$TABLES" "psql finds all tables"
  is_small large "afterwards"
  psql_as_admin pg15 large 'CREATE EXTENSION pg_stat_statements; SELECT FROM pg_stat_statements_reset()' > /dev/null
  kc label configmap large --namespace="$NAMESPACE" tunetrail.io/watch=true > /dev/null
  await 60 "it is looked at" was_looked_at large 1
  look_again large
  await 60 "and again" was_looked_at large 2
  statements=$(of_a_look large calls)
  ((statements < FEW)) || fail "a look asks $statements statements"
  pass "a look asks $statements statements, which take PostgreSQL $(of_a_look large total_exec_time) ms"
}
# Some for each kind of thing and none for each thing: how long they take says more of the machine than of the look.
FEW=100
LOOKS="max(calls) FILTER (WHERE query LIKE '%flyway_schema_history%')"
# of_a_look NAME COLUMN
of_a_look() {
  psql_as_admin pg15 "$1" "SELECT ceil(sum($2) / $LOOKS) FROM pg_stat_statements WHERE userid = '$1'::regrole"
}
was_looked_at() {
  [[ $(psql_as_admin pg15 "$1" "SELECT coalesce($LOOKS, 0) >= $2 FROM pg_stat_statements WHERE userid = '$1'::regrole") == t ]]
}

INPUTS=(duplicate_versions an_empty_file byte_order_mark_and_carriage_returns bytes_that_are_no_text out_of_order)
declare -A told=([out_of_order]=is_told [an_empty_file]=is_told) mended=([out_of_order]=is_mended [an_empty_file]=is_mended)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fresh_namespace
new_databases pg15 duplicate empty windows latin late toolarge large
fault_57_5000_tables_and_2000_migrations
fault_40_more_than_a_config_map_takes
for input in "${INPUTS[@]}"; do "fault_41_$input"; done
for input in "${INPUTS[@]}"; do "fault_41_${input}_${told[$input]:-are_told}"; done
fault_40_more_than_a_config_map_takes_is_told
fault_57_5000_tables_and_2000_migrations_are_told
for input in "${INPUTS[@]}"; do "fault_41_${input}_${mended[$input]:-are_mended}"; done
fault_40_more_than_a_config_map_takes_is_mended
fault_57_5000_tables_and_2000_migrations_are_mended
for name in duplicate empty windows latin late toolarge large; do agrees "$name" pg15; done
