#!/bin/bash
# What somebody changes beside the operator is named, stops production's next migration until a person has decided, and is gone
# when it is taken back. A dump's restore is the same schema. After an upgrade to another major of PostgreSQL it is recorded anew.
# An invalid index is named whatever else is to be said.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

# Of each kind one, and what PostgreSQL spells otherwise after a restore.
SONGS="CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE songs (id serial PRIMARY KEY, title varchar(80) NOT NULL, state varchar DEFAULT 'on' CHECK (state IN ('on', 'off')), mood mood);
CREATE INDEX songs_on ON songs (lower(title)) WHERE state IN ('on', 'off');
CREATE VIEW played AS SELECT id, title FROM songs WHERE state NOT IN ('off', 'new');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON songs FOR EACH ROW WHEN (NEW.state IN ('on', 'off')) EXECUTE FUNCTION touch();
CREATE TABLE plays (song int REFERENCES songs, at timestamptz NOT NULL DEFAULT now()) PARTITION BY RANGE (at);
CREATE TABLE plays_2026 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
GRANT SELECT ON songs, played TO PUBLIC;
COMMENT ON TABLE songs IS 'what is played';
COMMENT ON COLUMN songs.title IS 'as on the sleeve';"
BANDS='CREATE TABLE bands (id int PRIMARY KEY);'
YEAR='ALTER TABLE songs ADD COLUMN year int;'

# gated NAME TARGET [LINE...]: production, approved by version; each LINE adds to the spec.
gated() {
  {
    cat << YAML
edition: enterprise
environment: production
targetVersion: "$2"
connection: {secretRef: {name: $1}, caRef: {configMap: {name: pg-ca}}}
schema: {flyway: {configMaps: [{name: drift}]}}
approval: {version: "$2", approvedBy: ada@example.org}
migration: {approval: Version}
YAML
    printf '%s\n' "${@:3}"
  } | resource "$1"
}

drifted() { condition "$NAMESPACE" "$1" Drifted; }

# has_drifted NAME PATTERN: it says so, and names it.
has_drifted() {
  look_again drift
  drifted "$1"
  condition_message "$NAMESPACE" "$1" Drifted
  [[ $(drifted "$1") == "True SchemaDrifted" && $(condition_message "$NAMESPACE" "$1" Drifted) =~ $2 ]]
}

is_as_recorded() {
  look_again drift
  drifted "$1"
  [[ $(drifted "$1") == "False AsRecorded" ]]
}

all_are_migrated() {
  {
    binding drift pg17
    scripts drift V1__songs.sql="$SONGS" V2__bands.sql="$BANDS" V3__year.sql="$YEAR"
    gated drift 1
    binding driftupgrade pg15
    scripts driftupgrade V1__songs.sql="$SONGS"
    flyway driftupgrade staging latest
    binding driftindex pg17
    scripts driftindex V1__songs.sql='CREATE TABLE songs (title text); INSERT INTO songs VALUES ($$a$$), ($$a$$);' \
      V2__once.sql='CREATE UNIQUE INDEX CONCURRENTLY songs_once ON songs (title);'
    flyway driftindex staging latest
  } | apply
  await 90 "production is at version 1" is_ready_at drift 1
  await 90 "what it left is recorded" is_as_recorded drift
  await 90 "the one on PostgreSQL 15 is at version 1" is_ready_at driftupgrade 1
  expect "$(psql_as_admin pg15 driftupgrade 'SELECT server_major FROM tunetrail.schema')" 15 "and what it left is recorded there"
}

a_dumps_restore_is_the_same_schema() {
  kc exec --namespace=databases deployment/pg17 --container=postgres -- bash -c \
    'pg_dump --no-owner drift | PGOPTIONS="-c role=driftcopy" psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=driftcopy' > /dev/null
  { binding driftcopy pg17; gated driftcopy 1; } | apply
  await 60 "the copy is at version 1" is_ready_at driftcopy 1
  await 90 "it is as the dumped one was recorded" is_as_recorded driftcopy
  expect "$(status "$NAMESPACE" driftcopy .schemaDigest)" "$(status "$NAMESPACE" drift .schemaDigest)" "both have one fingerprint"
  expect_match "$(status "$NAMESPACE" drift .schemaDigest)" '^sha256:[0-9a-f]{64}$' "and it is one"
  kc delete tunetraildatabase driftcopy --namespace="$NAMESPACE" > /dev/null
}

a_change_by_hand_stops_productions_next_migration() {
  psql_as_admin pg17 drift "ALTER TABLE songs ADD COLUMN born date; CREATE TABLE scratchpad ();
    ALTER VIEW played OWNER TO driftcopy; COMMENT ON COLUMN songs.title IS 'by hand'"
  await 90 "what was changed by hand is named" has_drifted drift 'table public.scratchpad added.*table public.songs: column born added'
  expect "$(condition "$NAMESPACE" drift Ready)" "True UpToDate" "the database is as current as before"
  expect "$(status "$NAMESPACE" drift .drift.added)$(status "$NAMESPACE" drift .drift.changed)" \
    '["table public.scratchpad","table public.songs: column born","view public.played: owner"]["table public.songs: column title comment is by hand, was as on the sleeve"]' \
    "the status lists it, owners and comments too"
  gated drift 2 | apply
  await 90 "version 2 waits, though it is approved" says drift SchemaDrifted 'column born added.*spec.drift.accept'
  expect "$(version pg17 drift)" 1 "psql is still at version 1"
}

taken_back_it_goes_on() {
  psql_as_admin pg17 drift "ALTER TABLE songs DROP COLUMN born; DROP TABLE scratchpad;
    ALTER VIEW played OWNER TO drift; COMMENT ON COLUMN songs.title IS 'as on the sleeve'"
  look_again drift
  await 90 "version 2 runs by itself" is_ready_at drift 2
  await 90 "nothing is otherwise any more" is_as_recorded drift
}

what_a_person_accepts_is_recorded_by_the_next_work() {
  psql_as_admin pg17 drift 'CREATE INDEX songs_mood ON songs (mood)'
  await 90 "another change is named" has_drifted drift 'index songs_mood added'
  gated drift 3 | apply
  await 90 "version 3 waits" says drift SchemaDrifted
  gated drift 3 "drift: {accept: '$(status "$NAMESPACE" drift .schemaDigest)'}" | apply
  await 90 "accepted, version 3 runs" is_ready_at drift 3
  await 90 "and the index belongs to what is recorded" is_as_recorded drift
  psql_as_admin pg17 drift "CREATE TABLE plays_2027 PARTITION OF plays FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')"
  await 90 "a partition made at run time is named" has_drifted drift 'table public.plays_2027 added'
  gated drift 3 "drift: {ignore: ['public.plays_2*']}" | apply
  await 90 "unless it is to be ignored" is_as_recorded drift
}

# recorded_anew: by a look at the server of another major, which says so once.
recorded_anew() {
  look_again driftupgrade
  drifted driftupgrade
  [[ $(drifted driftupgrade) == "False "* && $(status "$NAMESPACE" driftupgrade .recordedSchema.serverMajor) == 17 ]]
}

upgrade_says() {
  look_again driftupgrade
  drifted driftupgrade
  [[ $(drifted driftupgrade) == "$1" ]]
}

an_upgrade_to_another_major_is_no_drift_and_recorded_anew() {
  kc exec --namespace=databases deployment/pg17 --container=postgres -- bash -c \
    'PGPASSWORD=secret pg_dump --no-owner --host=pg15.databases --username=driftupgrade driftupgrade |
      PGOPTIONS="-c role=driftupgrade" psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=driftupgrade' > /dev/null
  binding driftupgrade pg17 | apply
  await 90 "on PostgreSQL 17 the schema is recorded anew" recorded_anew
  await 60 "and is from then on as it was found" upgrade_says 'False AsRecorded'
  expect "$(status "$NAMESPACE" driftupgrade .recordedSchema.digest)" "$(status "$NAMESPACE" driftupgrade .schemaDigest)" \
    "the status has the fingerprint that the look found"
  expect "$(psql_as_admin pg17 driftupgrade "SELECT string_agg(server_major::text, ' ') FROM tunetrail.schema")" 15 \
    "the operator has written nothing into the database"
}

elsewhere_it_is_said_and_nothing_waits() {
  psql_as_admin pg17 driftupgrade 'CREATE TABLE by_hand ()'
  await 60 "what is changed on PostgreSQL 17 is drift" upgrade_says 'True SchemaDrifted'
  expect "$(status "$NAMESPACE" driftupgrade .drift.added)" '["table public.by_hand"]' "the status names it"
  expect "$(condition "$NAMESPACE" driftupgrade Ready)" "True UpToDate" "in staging the database is ready all the same"
  psql_as_admin pg17 driftupgrade 'DROP TABLE by_hand'
  await 60 "taken back it is as recorded" upgrade_says 'False AsRecorded'
}

fault_19_an_invalid_index_is_named_beside_the_failure() {
  await 90 "a unique index that can't be is what failed" says driftindex HistoryConflict 'V2__once.sql.*failed half-way.*songs_once'
  expect "$(condition "$NAMESPACE" driftindex IndexesInvalid)" "True InvalidIndexes" "a condition of its own says what it left"
  expect_match "$(condition_message "$NAMESPACE" driftindex IndexesInvalid)" 'public.songs_once.*REINDEX' "by name, and what to do"
  expect "$(drifted driftindex)" "Unknown WorkUnfinished" "no drift is made of what is half done"
}

who_changed_it_when_and_with_whose_approval_is_told() {
  expect "$(status "$NAMESPACE" drift '.history[*].to')" "3 2 1" "the status has the last works, newest first"
  expect "$(status "$NAMESPACE" drift '.history[0].approvedBy')/$(status "$NAMESPACE" drift '.history[0].from')" \
    ada@example.org/2 "with who approved, and from where"
  expect_match "$(status "$NAMESPACE" drift '.history[0].duration')" '^[0-9.]+s$' "and how long it took"
  expect "$(psql_as_admin pg17 drift "SELECT string_agg(concat_ws(' ', work, to_version, approved_by, schema_digest IS NOT NULL), ', ' ORDER BY id)
    FROM tunetrail.history")" \
    "migrate 1 ada@example.org t, migrate 2 ada@example.org t, migrate 3 ada@example.org t" "tunetrail.history has all of it"
}

fresh_namespace
new_databases pg17 drift driftcopy driftupgrade driftindex
new_databases pg15 driftupgrade
all_are_migrated
a_dumps_restore_is_the_same_schema
a_change_by_hand_stops_productions_next_migration
taken_back_it_goes_on
what_a_person_accepts_is_recorded_by_the_next_work
an_upgrade_to_another_major_is_no_drift_and_recorded_anew
elsewhere_it_is_said_and_nothing_waits
fault_19_an_invalid_index_is_named_beside_the_failure
who_changed_it_when_and_with_whose_approval_is_told
