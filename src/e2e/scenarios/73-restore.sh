#!/bin/bash
# Restores: into a new database, and in place once that is approved, with all that the live one had; one that fails half-way
# leaves the live one serving. What makes and renames databases is a role with no more power than that.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"

FOLDER=/backups/res-songs
SONGS="CREATE TABLE songs (id int PRIMARY KEY, title text NOT NULL, words text);
    INSERT INTO songs SELECT n, 'song ' || n || ' éà\"''', md5(random()::text) FROM generate_series(1, 20000) n;
    CREATE TABLE plays (song int REFERENCES songs, day date);
    INSERT INTO plays SELECT n, '2026-05-01' FROM generate_series(1, 100) n;
    GRANT SELECT ON songs TO res_app;"
APPROVED='{"spec":{"approval":{"backup":"%s","approvedBy":"ada"}}}'

no_database_is_left() {
  psql_as_admin pg17 postgres "SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database
    WHERE datname LIKE 'res\_%'" | psql_script pg17
}

roles() {
  psql_script pg17 << 'SQL'
SELECT 'CREATE ROLE ' || r FROM unnest(ARRAY['res_admin', 'res_app']) r WHERE to_regrole(r) IS NULL \gexec
ALTER ROLE res_admin LOGIN PASSWORD 'secret' CREATEDB CREATEROLE;
ALTER ROLE res_app LOGIN PASSWORD 'secret';
GRANT res_songs, pg_signal_backend TO res_admin;
GRANT res_app TO res_admin WITH ADMIN OPTION;
SQL
}

# rows DATABASE: all of songs and plays.
rows() {
  psql_as_admin pg17 "$1" "SELECT md5(string_agg(s::text, E'\n' ORDER BY id)) FROM songs s UNION ALL
    SELECT md5(string_agg(p::text, E'\n' ORDER BY song)) FROM plays p"
}

# traits: all that belongs to the database and not to its content.
traits() {
  psql_as_admin pg17 postgres "SELECT pg_get_userbyid(datdba), encoding, datcollate, datctype, datconnlimit, datallowconn,
      (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a),
      shobj_description(oid, 'pg_database'), (SELECT string_agg(concat(setrole::regrole, setconfig), ' ' ORDER BY 1) FROM pg_db_role_setting
      WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = 'res_songs'"
}

# restored NAME FIELD: of a TuneTrailRestore's status.
restored() { kc get ttrestore "$1" --namespace="$NAMESPACE" --output="jsonpath={.status$2}"; }

# restore_says NAME "PHASE REASON" [PATTERN]
restore_says() {
  local said
  said="$(restored "$1" .phase) $(restored "$1" ".conditions[?(@.type=='Ready')].reason")"
  echo "$said: $(restored "$1" ".conditions[?(@.type=='Ready')].message")"
  [[ $said == "$2" && $(restored "$1" ".conditions[?(@.type=='Ready')].message") =~ ${3:-} ]]
}

# restore NAME BACKUP-FIELD: in place.
restore() {
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << YAML
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: $1}
spec: {databaseRef: {name: res-songs}, backup: {$2}, into: {inPlace: {}}, admin: {secretRef: {name: res-admin}}}
YAML
}

# approve NAME BACKUP
approve() {
  # shellcheck disable=SC2059
  kc patch ttrestore "$1" --namespace="$NAMESPACE" --type=merge --patch="$(printf "$APPROVED" "$2")" > /dev/null
}

# The page's own restore, of this scenario's database.
page_restore() {
  page_blocks yaml '    newDatabase:' backups |
    sed 's/shows-copy/songs-back/; s/shows_copy/res_back/; s/name: shows$/name: res-songs/; s/shows-admin/res-admin/'
}

has_a_backup() { [[ -n $(status "$NAMESPACE" res-songs .backup.lastSuccessful.name) ]]; }

a_database_with_a_backup() {
  {
    binding res-songs pg17 database=res_songs username=res_songs
    binding res-admin pg17 database=postgres username=res_admin
    scripts res-songs V1__songs.sql="$SONGS"
    flyway res-songs staging latest \
      'backup: {schedule: "7 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}'
  } | apply
  await 60 "the database is migrated" is_ready_at res-songs 1
  psql_as_admin pg17 res_songs "COMMENT ON DATABASE res_songs IS 'that of the radio'; REVOKE CONNECT ON DATABASE res_songs FROM PUBLIC;
    GRANT CONNECT ON DATABASE res_songs TO res_app; ALTER DATABASE res_songs SET work_mem = '5MB';
    ALTER DATABASE res_songs CONNECTION LIMIT 40; ALTER ROLE res_app IN DATABASE res_songs SET statement_timeout = '7min'"
  kc create job by-hand --from=cronjob/res-songs-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "it has a backup" has_a_backup
  BACKUP=$(status "$NAMESPACE" res-songs .backup.lastSuccessful.name)
  BEFORE=$(rows res_songs)
  TRAITS=$(traits)
  psql_as_admin pg17 res_songs "DELETE FROM plays; DELETE FROM songs WHERE id % 2 = 0; UPDATE songs SET title = 'lost' WHERE id % 3 = 0"
  CHANGED=$(rows res_songs)
}

it_comes_back_into_a_new_database() {
  page_restore | kc apply --namespace="$NAMESPACE" --filename=- > /dev/null
  await 60 "the backup is a database of its own" restore_says songs-back "Restored Restored" "backup $BACKUP is database res_back"
  expect "$(rows res_back)" "$BEFORE" "every row is back"
  expect "$(catalog pg17 res_back)" "$(catalog pg17 res_songs)" "and the whole schema, with its owners and rights"
  expect "$(rows res_songs)" "$CHANGED" "the live one is as it was"
  expect_match "$(restored songs-back .tables) $(restored songs-back .rows) $(restored songs-back .phases[*].name)" '^[0-9]+ 201[0-9]{2} [A-Z]' \
    "the status counts tables and rows, and names the phases"
}

# The application's session in the live database.
application() {
  kc exec --namespace=databases deployment/pg17 --container=postgres -- env PGHOST=127.0.0.1 PGUSER=res_app PGPASSWORD=secret \
    PGAPPNAME='app of res_songs' psql --no-psqlrc --quiet --dbname=res_songs --command="SELECT pg_sleep(600)" > /dev/null 2>&1 &
  await 30 "an application is connected" is_sleeping pg17 'app of res_songs'
}

fault_37_one_that_fails_half_way_leaves_the_live_one_serving() {
  in_volume bash -c "cd $FOLDER && head -c \$((\$(stat -c %s $BACKUP.dump) * 2 / 3)) $BACKUP.dump > res-songs-cut.dump &&
    sed 's/$BACKUP/res-songs-cut/' $BACKUP.json > res-songs-cut.json && chown 65532:65532 res-songs-cut.*"
  restore broken 'name: res-songs-cut'
  approve broken res-songs-cut
  await 60 "the damaged archive is named" restore_says broken "Failed RestoreFailed" 'is damaged.*restore anew'
  expect "$(rows res_songs)" "$CHANGED" "the live one has its rows"
  expect "$(traits)" "$TRAITS" "and all that it had"
  is_sleeping pg17 'app of res_songs' || fail "the application's session was ended"
  expect "$(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_database WHERE datname LIKE 'tunetrail\_restore%'
    AND pg_get_userbyid(datdba) LIKE 'res\_%'")" 0 "nothing else is left"
}

in_place_waits_for_its_approval() {
  restore placed 'latest: Any'
  await 30 "in place waits for an approval" restore_says placed "AwaitingApproval AwaitingApproval" "newest is $BACKUP"
  expect "$(restored placed .job)" "" "and nothing ran"
}

it_takes_the_live_ones_place_once_it_is_approved() {
  local identity
  identity=$(status "$NAMESPACE" res-songs .databaseIdentity)
  approve placed "$BACKUP"
  await 60 "the backup is the live database" restore_says placed "Restored Restored" 'is kept as res_songs_before_'
  expect "$(rows res_songs)" "$BEFORE" "every row is back"
  expect "$(traits)" "$TRAITS" "owner, rights, settings, comment, limit, encoding and locale are the live one's"
  if is_sleeping pg17 'app of res_songs'; then fail "the application's session is still there"; fi
  pass "the application's session was ended"
  in_volume test -e "$FOLDER/$(restored placed .safetyBackup).dump"
  pass "what it replaced is a backup, too"
  expect "$(psql_as_admin pg17 postgres "SELECT datallowconn FROM pg_database WHERE datname = '$(restored placed .previousDatabase)'")" f \
    "and is kept as a database that nobody gets into"
  await 60 "the operator sees the database that is there now" has_other_identity "$identity"
  await 60 "it is Ready" is_ready_at res-songs 1
  agrees res-songs pg17 res_songs
}

has_other_identity() { [[ $(status "$NAMESPACE" res-songs .databaseIdentity) != "$1" ]]; }

it_is_done_once_and_drops_nothing_when_it_goes() {
  local refused
  refused=$(kc patch ttrestore placed --namespace="$NAMESPACE" --type=merge \
    --patch='{"spec":{"backup":{"latest":"Verified"}}}' 2>&1 || true)
  expect_match "$refused" 'make another TuneTrailRestore' "what it is of can't be changed"
  expect "$(kc get ttrestore placed --namespace="$NAMESPACE" | tr -s ' ' | sed 's/ [^ ]*$//')" \
    "NAME DATABASE BACKUP PHASE READY REASON
placed res-songs $BACKUP Restored True Restored" "kubectl shows it"
  kc delete ttrestore --all --namespace="$NAMESPACE" > /dev/null
  await 30 "its Jobs go with it" has_no_restore_jobs
  expect "$(rows res_songs) $(rows res_back)" "$BEFORE $BEFORE" "and no database"
}

has_no_restore_jobs() { [[ -z $(kc get jobs --namespace="$NAMESPACE" --selector=tunetrail.io/task=restore --output=name) ]]; }

fresh_namespace
no_database_is_left
new_databases pg17 res_songs
roles
a_claim_with_a_volume
a_database_with_a_backup
it_comes_back_into_a_new_database
application
fault_37_one_that_fails_half_way_leaves_the_live_one_serving
in_place_waits_for_its_approval
it_takes_the_live_ones_place_once_it_is_approved
it_is_done_once_and_drops_nothing_when_it_goes
