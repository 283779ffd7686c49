#!/bin/bash
# Errors as a user meets them: each has its reason, names the remedy, loses nothing, and heals without a restart once its
# cause is gone. Per error NAME there are three functions: NAME makes it, NAME_is_told and NAME_is_mended.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
ERRORS=(database_missing server_away host_unknown wrong_password privilege_missing secret_missing config_map_missing bad_sql
  fault_25_checksum_changed history_missing target_missing fault_25_target_below two_for_one)

# given NAME [KEY=VALUE...]: Secret, script and resource of that name, on pg17.
given() {
  binding "$1" pg17 "${@:2}"
  scripts "$1" V1__songs.sql="$SONGS"
  flyway "$1" staging latest
}

ready_beforehand() { await 90 "$1 is ready at first" is_ready_at "$1" 1; }

database_missing() {
  psql_script pg17 <<< 'DROP DATABASE IF EXISTS database_missing WITH (FORCE);'
  given database-missing database=database_missing username=errors | apply
}
database_missing_is_told() { says database-missing DatabaseMissing 'database_missing.*Create the database'; }
database_missing_is_mended() { psql_script pg17 <<< 'CREATE DATABASE database_missing OWNER errors;'; }

server_away() { given server-away port=5999 | apply; }
server_away_is_told() { says server-away DatabaseUnreachable 'pg17.databases:5999.*Check that the server runs'; }
server_away_is_mended() { binding server-away pg17 | apply; }

host_unknown() { given host-unknown host=nowhere.databases | apply; }
host_unknown_is_told() { says host-unknown DatabaseUnreachable 'nowhere.databases'; }
host_unknown_is_mended() { binding host-unknown pg17 | apply; }

wrong_password() { given wrong-password password=wrong | apply; }
wrong_password_is_told() { says wrong-password AuthenticationFailed 'Correct username and password in the Secret'; }
wrong_password_is_mended() { binding wrong-password pg17 | apply; }

privilege_missing() {
  psql_script pg17 <<< 'ALTER DATABASE "privilege-missing" OWNER TO postgres;'
  given privilege-missing | apply
}
privilege_missing_is_told() { says privilege-missing InsufficientPrivilege 'GRANT CREATE ON .* TO "privilege-missing";'; }
# As its message says, until it says nothing more: the database for tunetrail.history, then schema public.
privilege_missing_is_mended() {
  local database schema
  database=$(granted_by_the_message DATABASE)
  await 90 "then schema public is what is missing" says privilege-missing InsufficientPrivilege 'GRANT CREATE ON SCHEMA'
  schema=$(granted_by_the_message SCHEMA)
  echo "granted: $database $schema"
}
granted_by_the_message() {
  local grants
  grants=$(message privilege-missing | grep -oE 'GRANT [^;]*;')
  [[ $grants == *"ON $1"* ]] || fail "the message has no GRANT on a $1: $(message privilege-missing)"
  psql_as_admin pg17 privilege-missing "$grants"
  echo "$grants"
}

secret_missing() { { scripts secret-missing V1__songs.sql="$SONGS"; flyway secret-missing staging latest; } | apply; }
secret_missing_is_told() { says secret-missing SecretMissing "Secret secret-missing in namespace $NAMESPACE.*Create it"; }
secret_missing_is_mended() { binding secret-missing pg17 | apply; }

config_map_missing() { { binding config-map-missing pg17; flyway config-map-missing staging latest; } | apply; }
config_map_missing_is_told() { says config-map-missing ConfigMapMissing "ConfigMap config-map-missing in namespace.*Create it"; }
config_map_missing_is_mended() { scripts config-map-missing V1__songs.sql="$SONGS" | apply; }

bad_sql() {
  {
    given bad-sql
    scripts bad-sql V1__songs.sql="$SONGS" V2__jobs.sql=$'-- Two lines\n-- before it.\nCREATE TABEL jobs ();'
  } | apply
}
bad_sql_is_told() { says bad-sql MigrationFailed 'V2__jobs.sql.*line 3.*syntax error at or near "TABEL".*Correct the script'; }
bad_sql_is_mended() {
  expect "$(version pg17 bad-sql)/$(tables pg17 bad-sql)" 1/1 "what ran before the bad script is kept"
  scripts bad-sql V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();' | apply
}

fault_25_checksum_changed() {
  given fault-25-checksum-changed | apply
  ready_beforehand fault-25-checksum-changed
  scripts fault-25-checksum-changed V1__songs.sql='CREATE TABLE songs (id bigint);' | apply
}
fault_25_checksum_changed_is_told() { says fault-25-checksum-changed ChecksumChanged 'V1__songs.sql.*Restore the script'; }
fault_25_checksum_changed_is_mended() {
  expect "$(status "$NAMESPACE" fault-25-checksum-changed .migrationVersion)" 1 "the status keeps the version of the changed script"
  scripts fault-25-checksum-changed V1__songs.sql="$SONGS" | apply
}

history_missing() {
  psql_as_admin pg17 history-missing "SET ROLE \"history-missing\"; $SONGS INSERT INTO songs VALUES (42)"
  given history-missing | apply
}
history_missing_is_told() { says history-missing TablesWithoutHistory 'flyway_schema_history.*migration.adopt'; }
history_missing_is_mended() {
  psql_as_admin pg17 postgres 'ALTER ROLE "history-missing" CREATEDB'
  change history-missing '{"migration":{"adopt":"Baseline","baselineVersion":"1"}}'
  scripts history-missing V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();' | apply
}

target_missing() {
  { binding target-missing pg17; scripts target-missing V1__songs.sql="$SONGS"; flyway target-missing staging 7; } | apply
}
target_missing_is_told() { says target-missing TargetNotFound 'no script has version 7.*Add the script'; }
target_missing_is_mended() {
  expect "$(jobs target-missing)" "" "no Job is started for a target that does not exist"
  scripts target-missing V1__songs.sql="$SONGS" V7__jobs.sql='CREATE TABLE jobs ();' | apply
}

fault_25_target_below() {
  {
    given fault-25-target-below
    scripts fault-25-target-below V1__songs.sql="$SONGS" V2__jobs.sql='CREATE TABLE jobs ();'
  } | apply
  await 90 "fault-25-target-below is ready at first" is_ready_at fault-25-target-below 2
  change fault-25-target-below '{"targetVersion":"1"}'
}
fault_25_target_below_is_told() { says fault-25-target-below TargetBelowDatabase 'target is 1, the database is at 2.*Raise targetVersion'; }
fault_25_target_below_is_mended() {
  expect "$(version pg17 fault-25-target-below)" 2 "nothing is rolled back"
  change fault-25-target-below '{"targetVersion":"2"}'
}

two_for_one() {
  {
    binding two-for-one pg17
    scripts two-for-one V1__songs.sql="$SONGS"
    flyway two-for-one staging latest | sed 's/^metadata: .*/metadata: {name: older-for-one}/'
  } | apply
  sleep_into_the_next_second
  given two-for-one | apply
}
# creationTimestamp counts seconds, and the older one is to win.
sleep_into_the_next_second() {
  local second
  second=$(date +%s)
  while [[ $(date +%s) == "$second" ]]; do sleep 0.1; done
}
two_for_one_is_told() { says two-for-one DatabaseConflict 'TuneTrailDatabase older-for-one is older.*Delete one of the two'; }
two_for_one_is_mended() {
  expect "$(condition "$NAMESPACE" older-for-one Ready)" "True UpToDate" "the older one has the database"
  kc delete ttdb older-for-one --namespace="$NAMESPACE" > /dev/null
}

dashed() { echo "${1//_/-}"; }

fresh_namespace
new_databases pg17 errors server-away host-unknown wrong-password privilege-missing secret-missing config-map-missing \
  bad-sql fault-25-checksum-changed history-missing target-missing fault-25-target-below two-for-one
before=$(operator_pods)
for error in "${ERRORS[@]}"; do "$error"; done
for error in "${ERRORS[@]}"; do await 90 "told with its remedy: $error" "${error}_is_told"; done
for error in "${ERRORS[@]}"; do "${error}_is_mended"; done
for error in "${ERRORS[@]}"; do await 90 "healed: $error" is_ready "$NAMESPACE" "$(dashed "$error")"; done
agrees database-missing pg17 database_missing
for name in server-away host-unknown wrong-password privilege-missing secret-missing config-map-missing bad-sql fault-25-checksum-changed \
  history-missing target-missing fault-25-target-below two-for-one; do agrees "$name" pg17; done
expect "$(psql_as_admin pg17 history-missing 'SELECT id FROM songs')" 42 "the baseline kept the rows that were there"
expect "$(operator_pods)" "$before" "the operator was never restarted"
