#!/bin/bash
# Tables that a history does not tell of: in the way of a migration, changed by hand, or another engine's; the rows in them stay.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

USERS='CREATE TABLE users (id uuid PRIMARY KEY, email varchar NOT NULL UNIQUE, preferences json, created_at timestamptz DEFAULT now());'
TRACKS='CREATE TABLE tracks (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, title varchar NOT NULL, artist varchar,
    duration_seconds float8, created_at timestamptz DEFAULT now());
  CREATE INDEX ix_tracks_user_id ON tracks (user_id);'
PLAYLISTS='CREATE TABLE playlists (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, name varchar NOT NULL);
  CREATE INDEX ix_playlists_user_id ON playlists (user_id);'
ADA="INSERT INTO users (id, email) VALUES ('00000000-0000-0000-0000-00000000000a', 'ada@example.org');"
PROJECT='{"image":"localhost/app/tunetrail:1","workingDirectory":"/app","config":"migrations/alembic.ini",
  "urls":[{"variable":"DATABASE_URL","driver":"asyncpg"}]}'

# by_hand NAME SQL: as the database's owner.
by_hand() { psql_as_admin pg17 "$1" "SET ROLE $1; $2" > /dev/null; }

has_ada() { expect "$(psql_as_admin pg17 "$1" 'SELECT email FROM users')" ada@example.org "the row survived"; }

# told NAME: the works that ended well, oldest first.
told() {
  psql_as_admin pg17 "$1" "SELECT string_agg(concat_ws(' ', work, from_version, to_version), ', ' ORDER BY id)
    FROM tunetrail.history WHERE outcome = 'Done'"
}

# flyways_rows NAME
flyways_rows() {
  psql_as_admin pg17 "$1" "SELECT string_agg(concat_ws(' ', version, type, script), ', ' ORDER BY installed_rank)
    FROM flyway_schema_history WHERE success"
}

pending_digest() { status "$NAMESPACE" "$1" .pendingDigest; }

an_empty_version_table_is_adopted() {
  by_hand inway "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); $USERS $ADA"
  {
    binding inway pg17
    resource inway << YAML
edition: commercial
environment: development
connection: {secretRef: {name: inway}}
schema: {alembic: $PROJECT}
YAML
  } | apply
  await 120 "relation already exists points to adoption" says inway MigrationFailed 'already exists.*migration.adopt'
  change inway '{"migration":{"adopt":"Baseline","baselineVersion":"0c5619759e70"}}'
  await 120 "what the message says leads out" is_ready_at inway 207064b25dc6
  expect "$(revision pg17 inway)" 207064b25dc6 "psql finds the revision"
  has_ada inway
}

what_alembic_did_not_make_is_stamped() {
  by_hand inway "$PLAYLISTS"
  change inway '{"schema":{"alembic":{"image":"localhost/app/tunetrail:2"}}}'
  await 120 "what was made by hand is in the way" says inway MigrationFailed 'already exists.*Rebaseline'
  change inway '{"migration":{"adopt":"Rebaseline","baselineVersion":"51a4b1decfae"}}'
  await 120 "compared, it is stamped from where the history was" is_ready_at inway 51a4b1decfae
  expect "$(revision pg17 inway)" 51a4b1decfae "psql finds the revision"
  expect "$(told inway)" "baseline 0c5619759e70, migrate 0c5619759e70 207064b25dc6, baseline 207064b25dc6 51a4b1decfae" \
    "tunetrail.history keeps the way"
  has_ada inway
}

a_revision_that_was_squashed_is_noted_as_the_one_that_makes_its_tables() {
  by_hand inway "UPDATE alembic_version SET version_num = 'squashed'"
  change inway '{"suspend":true}'
  await 60 "a revision that the image no longer has says the way out" says inway UnknownRevision 'squashed.*Rebaseline'
  change inway '{"suspend":false,"migration":{"retry":"squashed"}}'
  await 120 "compared, the one that makes its tables takes its place" is_ready_at inway 51a4b1decfae
  expect "$(revision pg17 inway)" 51a4b1decfae "psql finds the revision and no other"
  expect "$(told inway | grep -o '[^,]*$')" " baseline squashed 51a4b1decfae" "tunetrail.history tells of it"
  has_ada inway
}

an_empty_flyway_history_is_adopted() {
  by_hand byhand "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200)
      NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
      installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL); $USERS $ADA"
  { binding byhand pg17; scripts byhand V1__users.sql="$USERS"; flyway byhand staging latest; } | apply
  await 120 "relation already exists points to adoption" says byhand MigrationFailed 'V1__users.sql.*already exists.*migration.adopt'
  change byhand '{"migration":{"adopt":"Baseline","baselineVersion":"1"}}'
  await 120 "what the message says leads out" is_ready_at byhand 1
  expect "$(flyways_rows byhand)" "1 BASELINE adopted by TuneTrail" "psql finds the baseline"
}

what_flyway_did_not_make_is_noted_once_it_is_approved() {
  by_hand byhand "$TRACKS"
  scripts byhand V1__users.sql="$USERS" V2__tracks.sql="$TRACKS" | apply
  await 120 "what was made by hand is in the way" says byhand MigrationFailed 'V2__tracks.sql.*already exists.*Rebaseline'
  change byhand '{"environment":"production","connection":{"caRef":{"configMap":{"name":"pg-ca"}}},
    "migration":{"adopt":"Rebaseline","baselineVersion":"2","approval":"Version"},"approval":{"version":"2"}}'
  await 60 "an approval to migrate is none for it" says byhand AwaitingApproval 'approval with the digest'
  change byhand "{\"approval\":{\"version\":\"2\",\"digest\":\"$(pending_digest byhand)\"}}"
  await 120 "approved and compared, it is noted" is_ready_at byhand 2
  expect "$(flyways_rows byhand)" "1 BASELINE adopted by TuneTrail, 2 SQL V2__tracks.sql" "the history keeps its rows"
  has_ada byhand
}

a_changed_script_is_taken_for_what_it_makes() {
  scripts byhand V1__users.sql="$USERS" V2__tracks.sql="-- told better
    $TRACKS" | apply
  await 60 "a changed script says the way out" says byhand ChecksumChanged 'V2__tracks.sql.*Rebaseline'
  change byhand '{"migration":{"retry":"reviewed"}}'
  await 60 "it needs an approval of its own" says byhand ApprovalStale
  change byhand "{\"approval\":{\"version\":\"2\",\"digest\":\"$(pending_digest byhand)\"}}"
  await 120 "compared, the history tells of the script as it is" is_ready_at byhand 2
  expect "$(flyways_rows byhand)" "1 BASELINE adopted by TuneTrail, 2 SQL V2__tracks.sql" "with the rows that it had"
  has_ada byhand
}

# given_up NAME: does what the message says.
given_up() { by_hand "$1" "$(message "$1" | grep -oE 'ALTER (TABLE|INDEX) [^;]*;')"; }

flyway_becomes_alembic() {
  { binding reengined pg17; scripts reengined V1__users.sql="$USERS"; flyway reengined staging latest; } | apply
  await 90 "a database is migrated by Flyway" is_ready_at reengined 1
  by_hand reengined "$ADA"
  change reengined "{\"schema\":{\"flyway\":null,\"alembic\":$PROJECT}}"
  await 90 "Alembic does not take it over" says reengined EngineChanged 'history is in public.flyway_schema_history'
  change reengined '{"migration":{"adopt":"Baseline","baselineVersion":"0c5619759e70"}}'
  await 60 "nor by adopting it" says reengined EngineChanged 'ALTER TABLE .* RENAME TO'
  expect "$(tables pg17 reengined)" 1 "nothing has run"
  given_up reengined
  await 120 "once the other history is given up it is adopted and goes on" is_ready_at reengined 207064b25dc6
  expect "$(revision pg17 reengined)" 207064b25dc6 "psql finds the revision"
  has_ada reengined
}

alembic_becomes_flyway_again() {
  scripts reengined V1__users.sql="$USERS" V2__tracks.sql="$TRACKS" V3__bands.sql='CREATE TABLE bands ();' | apply
  change reengined '{"schema":{"alembic":null,"flyway":{"configMaps":[{"name":"reengined"}]}},"migration":{"baselineVersion":"2"}}'
  await 60 "the way back is refused as well" says reengined EngineChanged 'history is in public.alembic_version'
  given_up reengined
  await 120 "and goes the same way" is_ready_at reengined 3
  expect "$(flyways_rows reengined)" "2 BASELINE adopted by TuneTrail, 3 SQL V3__bands.sql" "psql finds where the history begins"
  expect "$(psql_as_admin pg17 reengined "SELECT count(*) FROM flyway_schema_history_retired, alembic_version_retired")" 1 \
    "what was given up is kept"
  has_ada reengined
}

fresh_namespace
new_databases pg17 inway byhand reengined
for name in inway byhand reengined; do psql_as_admin pg17 postgres "ALTER ROLE $name CREATEDB"; done
an_empty_version_table_is_adopted
what_alembic_did_not_make_is_stamped
a_revision_that_was_squashed_is_noted_as_the_one_that_makes_its_tables
an_empty_flyway_history_is_adopted
what_flyway_did_not_make_is_noted_once_it_is_approved
a_changed_script_is_taken_for_what_it_makes
flyway_becomes_alembic
alembic_becomes_flyway_again
