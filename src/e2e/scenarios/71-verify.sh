#!/bin/bash
# Verification: each backup is restored to a scratch server, compared and dropped; what harms one, or keeps it from being
# restored, is named, and the retention keeps the last that was verified. The scratch server is another login of pg17, which
# is a member of no role of the database, or pg15, which lacks its roles.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"

FOLDER=/backups/ver-songs
SONGS="CREATE TABLE songs (id int PRIMARY KEY, title text NOT NULL, words text);
    INSERT INTO songs SELECT n, 'song ' || n || ' éà\"''', md5(random()::text) FROM generate_series(1, 60000) n;
    CREATE TABLE plays (song int REFERENCES songs, day date) PARTITION BY RANGE (day);
    CREATE TABLE plays_2026 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    INSERT INTO plays SELECT n, '2026-05-01' FROM generate_series(1, 100) n;
    CREATE VIEW hits AS SELECT s.title, count(*) FROM songs s JOIN plays p ON p.song = s.id GROUP BY 1;
    GRANT SELECT ON songs TO ver_listener, ver_scratch;
    DO \$\$BEGIN EXECUTE format('CREATE TABLE %I ()', E'note\n\\\\! touch /tmp/owned\n'); END\$\$;"

backup_says() { condition_is "$NAMESPACE" ver-songs BackupHealthy "$1" && [[ $(backup_message) =~ $2 ]]; }
backup_message() { condition_message "$NAMESPACE" ver-songs BackupHealthy; }

last() { status "$NAMESPACE" ver-songs ".backup.$1"; }

# back_up JOB: makes a backup by hand and awaits it; its name is in MADE.
back_up() {
  local before
  before=$(last lastSuccessful.name)
  kc create job "$1" --from=cronjob/ver-songs-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "backup $1 is made" is_after "$before"
  MADE=$(last lastSuccessful.name)
}

is_after() { [[ $(last lastSuccessful.name) != "$1" ]]; }

verification() { change ver-songs "{\"backup\":{\"verification\":$1}}"; }

scratch() { change ver-songs "{\"scratch\":{\"connection\":{\"secretRef\":{\"name\":\"$1\"}}}}"; }

archives() { in_volume bash -c "cd $FOLDER && ls -A | LC_ALL=C sort | grep -v json | tr '\n' ' '"; }

# live: all rows and the whole schema of the live database.
live() {
  psql_as_admin pg17 ver_songs "SELECT md5(string_agg(s::text, E'\n' ORDER BY id)) FROM songs s UNION ALL
    SELECT md5(string_agg(p::text, E'\n' ORDER BY song)) FROM plays p UNION ALL
    SELECT md5(string_agg(h::text, E'\n' ORDER BY id)) FROM tunetrail.history h"
  catalog pg17 ver_songs
}

no_scratch_is_left() {
  local server
  for server in pg15 pg17; do
    expect "$(psql_as_admin "$server" postgres "SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
      WHERE datname LIKE 'tunetrail_scratch%' AND rolname LIKE 'ver\_%'")" 0 "no scratch database is left on $server"
  done
}

a_database_with_backups() {
  {
    binding ver-songs pg17 database=ver_songs username=ver_songs
    binding ver-scratch pg17 database=ver_scratch username=ver_scratch
    binding ver-elsewhere pg15 database=ver_scratch username=ver_scratch
    scripts ver-songs V1__songs.sql="$SONGS"
    flyway ver-songs staging latest 'scratch: {connection: {secretRef: {name: ver-scratch}}}' \
      'backup: {schedule: "0 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}'
  } | apply
  await 60 "the database is migrated" is_ready_at ver-songs 1
  LIVE=$(live)
}

without_a_right_to_make_databases_the_message_says_what_gives_it() {
  back_up first
  await 60 "it is told that the backup is not verified, and why" \
    backup_says "True BackedUp" 'not verified: role .ver_scratch. may not create databases.*ALTER ROLE .ver_scratch. CREATEDB'
  psql_as_admin pg17 postgres 'ALTER ROLE ver_scratch CREATEDB'
}

a_backup_is_restored_and_compared() {
  back_up second
  VERIFIED=$MADE
  await 60 "the backup is verified" backup_says "True BackedUp" 'restored in .*tables with [0-9]+ rows are as they were'
  expect "$(last lastVerified.name)" "$VERIFIED" "the status names it"
  expect "$(last lastVerified.rows)" "$(psql_as_admin pg17 ver_songs "SELECT sum((xpath('/row/c/text()',
      query_to_xml(format('SELECT count(*) AS c FROM ONLY %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint)
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'plays'")" \
    "as many rows as psql counts in all tables"
  expect_match "$(archives)" "$VERIFIED.dump $VERIFIED.verified " "the place of the backups notes it"
  await 10 "an Event tells it" has_event Verified "$VERIFIED: restored in"
  no_scratch_is_left
  expect "$(live)" "$LIVE" "the live database is as it was"
}

has_event() {
  [[ $(kc get events --namespace="$NAMESPACE" --field-selector="reason=$1" --output='jsonpath={.items[*].message}') =~ $2 ]]
}

# damage JOB COMMAND: makes a backup, and does something to its archive $f before it is verified.
damage() {
  verification '{"suspend":true}'
  back_up "$1"
  in_volume bash -c "cd $FOLDER && f=$MADE.dump && $2"
  verification '{"suspend":null}'
}

# Turns the lowest bit of the archive's byte in the middle.
FLIP='at=$(($(stat -c %s "$f") / 2))
  byte=$(od -An -tu1 -j "$at" -N 1 "$f"); printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$f" bs=1 seek="$at" conv=notrunc status=none'

fault_36_a_flipped_bit_and_a_cut_file_are_found() {
  damage flipped "$FLIP"
  await 60 "a flipped bit is named" backup_says "False BackupDamaged" "$MADE.dump has another content than was written"
  damage cut 'truncate --size=1000 "$f"'
  await 60 "a cut file is named" backup_says "False BackupDamaged" "$MADE.dump has 1000 bytes, its manifest says [0-9]+"
  expect "$(last lastVerified.name)" "$VERIFIED" "the last verified one is still named"
  await 10 "an Event tells it" has_event BackupDamaged 'has 1000 bytes'
}

what_the_scratch_server_lacks_is_named_and_the_retention_keeps_the_last_verified() {
  in_volume bash -c "cd $FOLDER && sed -i 's/\"started\" : \"[^\"]*\"/\"started\" : \"2020-01-01T00:00:00Z\"/' *.json &&
    sed -i 's/2020-01-01T00/2020-01-01T01/' $VERIFIED.json"
  change ver-songs '{"backup":{"retention":{"days":1,"minimum":1}}}'
  await 30 "the CronJob keeps one" keeps_one
  scratch ver-elsewhere
  back_up elsewhere
  await 60 "a missing role is named" backup_says "False ScratchUnfit" 'lacks what the backup needs: role .ver_listener., role .ver_songs'
  expect "$(archives)" "$VERIFIED.dump $VERIFIED.verified $MADE.dump " "of the old ones the verified one stays, and no damaged one"
  scratch ver-scratch
  await 60 "where nothing is missing it is verified, and all is well" backup_says "True BackedUp" 'restored in'
  expect "$(last lastVerified.name)" "$MADE" "the status names it"
}

keeps_one() { [[ $(kc get cronjob ver-songs-backup --namespace="$NAMESPACE" --output=yaml | tr -d '\\ \n') =~ \"minimum\":1 ]]; }

fault_53_no_dump_is_restored_by_a_superuser() {
  psql_as_admin pg17 postgres 'ALTER ROLE ver_scratch SUPERUSER'
  back_up strong
  await 60 "a login that can do anything is refused" \
    backup_says "True BackedUp" 'not verified: .ver_scratch. on .* is a superuser.*spec.scratch'
  psql_as_admin pg17 postgres 'ALTER ROLE ver_scratch NOSUPERUSER'
}

fresh_namespace
psql_as_admin pg17 postgres 'DROP DATABASE IF EXISTS ver_songs WITH (FORCE)'
new_databases pg17 ver_songs ver_scratch ver_listener
psql_as_admin pg17 postgres 'ALTER ROLE ver_scratch NOCREATEDB NOSUPERUSER'
new_databases pg15 ver_scratch
psql_as_admin pg15 postgres 'ALTER ROLE ver_scratch CREATEDB'
a_claim_with_a_volume
a_database_with_backups
without_a_right_to_make_databases_the_message_says_what_gives_it
a_backup_is_restored_and_compared
fault_36_a_flipped_bit_and_a_cut_file_are_found
what_the_scratch_server_lacks_is_named_and_the_retention_keeps_the_last_verified
fault_53_no_dump_is_restored_by_a_superuser
no_scratch_is_left
expect "$(live)" "$LIVE" "the live database is as it was"
