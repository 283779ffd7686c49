#!/bin/bash
# Production by version: nothing runs until exactly that is approved, and an approval lasts until its target is reached, no
# longer. (Approving plans is in 60-plan.)
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

# production TARGET [LINE...]: over verified TLS; each LINE adds to the spec.
production() {
  {
    cat << YAML
edition: enterprise
environment: production
targetVersion: "$1"
connection: {secretRef: {name: gated}, caRef: {configMap: {name: pg-ca}}}
schema: {flyway: {configMaps: [{name: gated}]}}
migration: {lockTimeout: 1s, approval: Version}
YAML
    printf '%s\n' "${@:2}"
  } | resource gated
}

# with_scripts V5-AND-LATER-FILE=SQL...
with_scripts() {
  scripts gated V1__songs.sql='CREATE TABLE songs (id int);' V2__jobs.sql='CREATE TABLE jobs ();' \
    V3__users.sql='CREATE TABLE users ();' V4__title.sql='ALTER TABLE songs ADD COLUMN title text;' "$@" | apply
}

pending_digest() { status "$NAMESPACE" gated .pendingDigest; }

pending_versions() { status "$NAMESPACE" gated '.pending[*].version'; }

# psql_finds VERSION WORKS DESCRIPTION
psql_finds() { expect "$(version pg17 gated)/$(works pg17 gated)" "$1/$2" "$3"; }

it_waits_and_lists_what_would_run() {
  new_databases pg17 gated
  binding gated pg17 | apply
  with_scripts
  production 2 | apply
  await 90 "production waits for approval" says gated AwaitingApproval 'V1__songs.sql, V2__jobs.sql'
  expect "$(status "$NAMESPACE" gated .pending)" \
    '[{"description":"songs","version":"1"},{"description":"jobs","version":"2"}]' "the status lists versions with descriptions"
  expect "$(status "$NAMESPACE" gated .pendingCount)" 2 "and their number"
  expect_match "$(pending_digest)" '^sha256:[0-9a-f]{64}$' "and the digest to approve"
  expect "$(condition "$NAMESPACE" gated Approved)/$(condition "$NAMESPACE" gated Stalled)" \
    "False AwaitingApproval/False AwaitingApproval" "it is not approved, and not stalled either"
  expect "$(jobs gated)$(psql_as_admin pg17 gated "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'tunetrail')")" 0 \
    "there is no Job, and psql finds no table"
}

a_wrong_approval_opens_nothing() {
  production 2 "approval: {version: '2', digest: 'sha256:$(printf '0%.0s' {1..64})'}" | apply
  await 90 "a wrong digest is stale" says gated ApprovalStale "pending $(pending_digest)"
  production 2 "approval: {version: '3'}" | apply
  await 90 "another version is not approved" says gated AwaitingApproval 'approval is for version 3, the target is 2'
  expect "$(jobs gated)" "" "there is still no Job"
}

the_right_digest_opens_it_and_is_spent() {
  production 2 "approval: {version: '2', digest: '$(pending_digest)', approvedBy: dba@example.org}" | apply
  await 90 "the approved version is reached" is_ready_at gated 2
  agrees gated pg17
  psql_finds 2 1 "psql finds version 2 after one work"
  expect "$(psql_as_admin pg17 gated 'SELECT approved_by, environment FROM tunetrail.history')" "dba@example.org|production" \
    "tunetrail.history names who approved"
  expect "$(status "$NAMESPACE" gated .approval.spent)" true "the approval is spent"
  expect "$(status "$NAMESPACE" gated .lastMigration.approvedBy)" dba@example.org "lastMigration names who approved"
}

a_changed_target_closes_it_again() {
  change gated '{"targetVersion":"4"}'
  await 90 "another target waits for another approval" says gated AwaitingApproval 'approval is for version 2, the target is 4'
  expect "$(pending_versions)" "3 4" "versions 3 and 4 are pending"
}

a_lock_at_night_needs_nobody() {
  hold pg17 gated 'SELECT FROM songs'
  production 4 "approval: {version: '4', digest: '$(pending_digest)'}" | apply
  await 90 "half of it ran, then a lock was in the way" says gated LockTimeout 'V4__title.sql'
  expect "$(status "$NAMESPACE" gated .migrationVersion)/$(version pg17 gated)" 3/3 "status and psql are at version 3"
  let_go pg17 gated
  await 90 "the same approval finishes the rest" is_ready_at gated 4
  agrees gated pg17
}

a_corrected_script_needs_a_digest_approved_anew() {
  with_scripts V5__bands.sql='CREATE TABLE bands ();' V6__broken.sql='CREATE TABEL broken ();'
  production 6 | apply
  await 90 "versions 5 and 6 wait" says gated AwaitingApproval 'V5__bands.sql, V6__broken.sql'
  production 6 "approval: {version: '6', digest: '$(pending_digest)'}" | apply
  await 90 "version 6 fails" says gated MigrationFailed 'V6__broken.sql'
  with_scripts V5__bands.sql='CREATE TABLE bands ();' V6__broken.sql='CREATE TABLE broken ();'
  await 90 "its correction was not approved by digest" says gated ApprovalStale
  expect "$(version pg17 gated)" 5 "psql is still at version 5"
  production 6 "approval: {version: '6'}" | apply
  await 90 "an approval of the version allows it" is_ready_at gated 6
}

a_corrected_script_runs_when_only_the_version_was_approved() {
  local before=(V5__bands.sql='CREATE TABLE bands ();' V6__broken.sql='CREATE TABLE broken ();')
  with_scripts "${before[@]}" V7__one.sql='CREATE TABLE one ();' V8__two.sql='CREATE TABEL two ();'
  production 8 "approval: {version: '8'}" | apply
  await 90 "version 8 fails" says gated MigrationFailed 'V8__two.sql'
  with_scripts "${before[@]}" V7__one.sql='CREATE TABLE one ();' V8__two.sql='CREATE TABLE two ();'
  await 90 "its correction runs without another approval" is_ready_at gated 8
  agrees gated pg17
}

taking_the_approval_away_closes_it() {
  local before=(V5__bands.sql='CREATE TABLE bands ();' V6__broken.sql='CREATE TABLE broken ();'
    V7__one.sql='CREATE TABLE one ();' V8__two.sql='CREATE TABLE two ();')
  hold pg17 gated 'SELECT FROM songs'
  with_scripts "${before[@]}" V9__artist.sql='ALTER TABLE songs ADD COLUMN artist text;'
  production 9 "approval: {version: '9'}" | apply
  await 90 "version 9 meets a lock" says gated LockTimeout
  production 9 | apply
  await 90 "without its approval the gate is closed" says gated AwaitingApproval
  let_go pg17 gated
  look_again gated
  await 90 "it stays closed when the lock is gone" says gated AwaitingApproval
  expect "$(version pg17 gated)" 8 "psql is still at version 8"
}

fresh_namespace
it_waits_and_lists_what_would_run
a_wrong_approval_opens_nothing
the_right_digest_opens_it_and_is_spent
a_changed_target_closes_it_again
a_lock_at_night_needs_nobody
a_corrected_script_needs_a_digest_approved_anew
a_corrected_script_runs_when_only_the_version_was_approved
taking_the_approval_away_closes_it
