#!/bin/bash
# rollback: Restore in production: a migration that failed half-way is taken back by the backup that was made before it, once
# nobody asks for its version any more and a person approved the restore; and the commands for backups and restores.
source "$(dirname "${BASH_SOURCE[0]}")/../people.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/image.d/runtime.sh"

PATH=$ROOT/src/main/bin:$PATH
export TUNETRAIL_APPLICATION=${APP_DIR:-$ROOT/target}
JAVA_HOME=$(find_jdk)
export JAVA_HOME

V1="CREATE TABLE arias (id int PRIMARY KEY, title text NOT NULL);
    INSERT INTO arias SELECT n, 'aria ' || n FROM generate_series(1, 1000) n;"
# Outside a transaction its first statement stays when the second one fails.
V2="UPDATE arias SET title = upper(title); SELECT 1 / (SELECT count(*) - 1000 FROM arias);"

# as ACCOUNT ARGUMENT...: the plugin, as kubectl finds it.
as() { KUBECONFIG=$ACCOUNTS/$1 kubectl tunetrail "${@:2}"; }

admin() {
  psql_script pg17 << 'SQL'
SELECT 'CREATE ROLE encore_admin' WHERE to_regrole('encore_admin') IS NULL \gexec
ALTER ROLE encore_admin LOGIN PASSWORD 'secret' CREATEDB;
GRANT aria, pg_signal_backend TO encore_admin;
SQL
}

no_database_is_left() {
  psql_as_admin pg17 postgres "SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database
    WHERE datname LIKE 'aria%'" | psql_script pg17
}

rows() { psql_as_admin pg17 "${1:-aria}" "SELECT md5(string_agg(a::text, E'\n' ORDER BY id)) FROM arias a"; }

# rollback FIELD: of each restore, a line each.
rollback() { kc get ttrestore --namespace="$NAMESPACE" --output="jsonpath={range .items[*]}{$1}{\"\n\"}{end}"; }

approved() {
  change aria "{\"approval\":{\"version\":\"$1\",\"digest\":\"$(status "$NAMESPACE" aria .pendingDigest)\",\"approvedBy\":\"ada\"}}"
}

production_at_version_1() {
  {
    binding aria pg17
    binding encore-admin pg17 database=postgres username=encore_admin
    scripts aria V1__arias.sql="$V1"
    flyway aria production 1 \
      'backup: {schedule: "7 3 * * *", verification: {suspend: true}, storage: {persistentVolumeClaim: {claimName: backups}}}' \
      'migration: {approval: Version, rollback: Restore, restoreAdmin: {secretRef: {name: encore-admin}}}' |
      sed 's|{secretRef: {name: aria}}|{secretRef: {name: aria}, caRef: {configMap: {name: pg-ca}}}|'
  } | apply
  await 60 "version 1 waits for its approval" says aria AwaitingApproval
  approved 1
  await 60 "it is at version 1" is_ready_at aria 1
  psql_as_admin pg17 aria "INSERT INTO arias VALUES (1001, 'of the application'); DELETE FROM arias WHERE id = 7"
  BEFORE=$(rows)
}

what_cannot_be_is_refused() {
  expect_match "$(kc patch tunetraildatabase aria --namespace="$NAMESPACE" --type=merge \
    --patch='{"spec":{"migration":{"backupFirst":"Never"}}}' 2>&1 || true)" 'take Never out' "without a backup first it is refused"
}

a_migration_fails_half_way() {
  scripts aria V1__arias.sql="$V1" V2__shouted.sql="$V2" V2__shouted.sql.conf=executeInTransaction=false | apply
  change aria '{"targetVersion":"2"}'
  await 60 "version 2 waits for its approval" says aria AwaitingApproval
  approved 2
  await 90 "it fails" says aria MigrationFailed 'division by zero'
  BACKUP=$(status "$NAMESPACE" aria .lastMigration.backup)
  expect_match "$BACKUP" '^aria-[0-9TZ]+$' "the status names the backup that was made before"
  expect "$(psql_as_admin pg17 aria "SELECT count(*) FROM arias WHERE title = upper(title)")" 1000 "half of it is in the database"
  expect "$(rollback .metadata.name)" "" "and nothing is restored by itself"
}

nobody_asks_for_it_any_more_and_a_restore_waits() {
  change aria '{"targetVersion":"1"}'
  await 30 "a restore is to take it back" says aria RollbackAwaitsRestore "V2__shouted.sql.*done by half.*backup $BACKUP.*spec.approval"
  await 30 "which waits for an approval" waits_for_approval
  NAME=$(rollback .metadata.name)
  expect "$(rollback .spec.backup.name)/$(rollback .spec.approval)/$(rollback .status.job)" "$BACKUP//" "of that backup, approved by nobody, and nothing runs"
  expect "$(condition "$NAMESPACE" aria Stalled)" "False RollbackAwaitsRestore" "which is no failure"
  expect_match "$(kc get events --namespace="$NAMESPACE" --field-selector=reason=RollbackAwaitsRestore --output='jsonpath={.items[*].message}')" \
    "$NAME" "an Event tells it"
}

waits_for_approval() { [[ $(rollback .status.phase) == AwaitingApproval ]]; }

it_is_withdrawn_when_somebody_goes_on() {
  change aria '{"targetVersion":"2"}'
  await 30 "the database says again that it failed" says aria MigrationFailed
  await 30 "the restore is withdrawn" is_withdrawn
  kc patch ttrestore "$NAME" --namespace="$NAMESPACE" --type=merge \
    --patch="{\"spec\":{\"approval\":{\"backup\":\"$BACKUP\",\"approvedBy\":\"ada\"}}}" > /dev/null
  change aria '{"targetVersion":"1"}'
  await 30 "asked for again, the database says why it does not go back" says aria RollbackFailed "$NAME is Failed.*delete it"
  expect "$(psql_as_admin pg17 aria "SELECT count(*) FROM arias WHERE title = upper(title)")" 1000 "an approval that is late does nothing"
  kc delete ttrestore "$NAME" --namespace="$NAMESPACE" > /dev/null
  await 30 "it is made anew" waits_for_approval
}

is_withdrawn() {
  [[ $(rollback .status.phase)/$(rollback '.status.conditions[?(@.type=="Ready")].reason') == Failed/RestoreWithdrawn ]]
}

it_comes_back_once_a_person_approves_it() {
  local said
  said=$(as dba restore aria --approve "$NAME" --yes --timeout=2m)
  expect_match "$said" "Backup: +$BACKUP.*Version: +1.*Becomes: +the live database.*backup $BACKUP is database aria; the one before is kept as aria_before" \
    "the command shows what it does, approves it and waits"
  expect "$(rows)" "$BEFORE" "every row is as it was before the migration"
  await 60 "the database is Ready at version 1" is_ready_at aria 1
  agrees aria pg17
  expect "$(rollback .spec.approval.approvedBy)" "$(user dba)" "it tells who approved it"
  expect "$(psql_as_admin pg17 "$(rollback .status.previousDatabase)" "SELECT 1" 2>&1 | grep -c 'not currently accepting')" 1 \
    "what was replaced is kept, closed"
  expect_match "$(psql_as_admin pg17 aria "SELECT work, approved_by FROM tunetrail.history ORDER BY id DESC LIMIT 1")" \
    "^restore\|$(user dba)" "and the database's own history tells of it"
}

a_backup_now_and_what_there_is() {
  local said
  said=$(as dba backup aria --timeout=2m)
  expect_match "$said" "aria: backup aria-[0-9TZ]+ is made: .* at backups/aria/aria-" "backup makes one and says where it is"
  MADE=$(status "$NAMESPACE" aria .backup.lastSuccessful.name)
  said=$(as dba backups aria)
  echo "$said"
  expect_match "$said" "NAME +AGE +SIZE +VERSION +VERIFIED +MADE BEFORE"$'\n'"$MADE +[0-9]+s +[0-9.]+ .B +1 +- +-" "backups lists it first"
  expect_match "$said" "$(rollback .status.safetyBackup) +.*TuneTrailRestore $NAME" "and what the restore put aside"
  expect_match "$said" "$BACKUP +[0-9ms]+ .*Job aria-migrate-" "and the one of before the migration"
}

a_copy_by_the_command() {
  local said
  expect_match "$(as dba restore aria --latest --into=aria_copy 2>&1 || true)" "Becomes: +database aria_copy.*no terminal to ask on" "it asks first"
  expect "$(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_database WHERE datname = 'aria_copy'")" 0 "and has made nothing"
  said=$(as dba restore aria --latest --into=aria_copy --yes --timeout=2m)
  expect_match "$said" "backup $MADE is database aria_copy" "with --yes it restores"
  expect "$(rows aria_copy)" "$BEFORE" "every row is in the copy"
}

fresh_namespace
no_database_is_left
new_databases pg17 aria
admin
account dba edit tunetrail-approve
a_claim_with_a_volume
trap 'rm -rf "$ACCOUNTS"; remove_volume' EXIT
production_at_version_1
what_cannot_be_is_refused
a_migration_fails_half_way
nobody_asks_for_it_any_more_and_a_restore_waits
it_is_withdrawn_when_somebody_goes_on
it_comes_back_once_a_person_approves_it
a_backup_now_and_what_there_is
a_copy_by_the_command
