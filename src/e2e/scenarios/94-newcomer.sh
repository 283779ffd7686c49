#!/bin/bash
# Somebody who has the chart and the documentation, and nothing else: from a cluster without the operator, by Helm, to one without
# it again; on the way Flyway, Alembic and create-all, an approval in production, and a backup that is verified and brings rows back.
# All of it is done by the pages' own words; after each step the status and PostgreSQL tell the same.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../installation.sh"
# shellcheck source=/dev/null
source "$E2E/helm.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"

RELEASE=tunetrail-operator
ROLES="'songs', 'soleil', 'choir', 'concerts', 'shows', 'shows_admin'"

clean_up() {
  helm uninstall "$RELEASE" --ignore-not-found --wait > /dev/null || true
  install_operator
  remove_volume
  rm -rf "$READER" "$HELM_FILES"
}

nothing_is_there_yet() {
  kc delete --kustomize="$DEPLOY" --ignore-not-found --wait --timeout=360s > /dev/null
  nobody_knows_the_operator
  kc delete configmap pg-ca --namespace="$NAMESPACE" > /dev/null
  database_ca > "$READER/ca.crt"
  psql_script pg17 << SQL
SELECT format('DROP DATABASE %I WITH (FORCE)', d.datname) FROM pg_database d WHERE d.datname <> 'postgres' AND EXISTS (
  SELECT FROM pg_shdepend s JOIN pg_roles r ON s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid
  WHERE r.rolname IN ($ROLES) AND d.oid IN (s.dbid, CASE WHEN s.classid = 'pg_database'::regclass THEN s.objid END)) \gexec
SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles WHERE rolname IN ($ROLES) \gexec
SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname IN ($ROLES) \gexec
SQL
}

nobody_knows_the_operator() {
  expect "$(kc api-resources --api-group=tunetrail.io --cached=false --output=name)" "" "the cluster does not know the kinds"
  expect "$(kc get namespace "$OPERATOR_NAMESPACE" --ignore-not-found --output=name)" "" "there is no operator"
}

helm_installs_the_operator() {
  expect_match "$(walk air-gapped)" 'image: "?localhost/tunetrail/operator:dev' "what would be applied is shown"
  walk_part quick-start '^2'
  expect "$(kc get secrets --namespace="$OPERATOR_NAMESPACE" --selector="owner=helm,name=$RELEASE" \
    --output='jsonpath={.items[*].metadata.labels.status}')" deployed "Helm has installed it"
}

flyway_migrates() {
  local said
  said=$(walk_part quick-start '^[3-6]') || fail "$said"
  expect_match "$said" 'songs +commercial +staging +1 +1 +1 +True +UpToDate' "the first migration is waited for and shown"
  agrees songs pg17
  walk_part quick-start '^7'
  expect "$(version pg17 songs)/$(tables pg17 songs)" 2/1 "psql finds both migrations"
  agrees songs pg17
  expect "$(psql_as_admin pg17 songs "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_name = 'songs'")" "id title artist" "and every column"
}

# given NAME: database and Secret, by the steps that the pages of Alembic and create-all refer to.
given() { page_commands quick-start '^[34]' | sed "s/songs/$1/g" | as_the_reader; }

alembic_migrates() {
  given soleil
  walk_part alembic '^The application'
  expect "$(status "$NAMESPACE" soleil .migrationVersion)/$(psql_as_admin pg17 soleil 'SELECT version_num FROM alembic_version')" \
    b929f80a8f42/b929f80a8f42 "status and psql have Alembic's newest revision"
}

production_is_approved() {
  local said
  said=$(walk approvals) || fail "$said"
  expect_match "$said" 'CREATE TABLE concerts.*concerts: version 1 is approved.*version 1' "the command line shows, approves and waits"
  expect_match "$said" 'CREATE INDEX concerts_by_day.*concerts patched' "kubectl shows and approves"
  await 60 "concerts are at version 2" is_ready_at concerts 2
  agrees concerts pg17
  expect "$(psql_as_admin pg17 concerts 'SELECT count(DISTINCT approved_by) FROM tunetrail.history')" 1 "both approvals have one author"
}

create_all_makes_what_is_missing() {
  given choir
  walk_part create-all '^By SQL'
  expect "$(status "$NAMESPACE" choir .initializationMethod)/$(status "$NAMESPACE" choir .tableCount)/$(tables pg17 choir)" \
    create-all/1/1 "status and psql have the table"
}

a_backup_is_verified_and_restored() {
  walk backups
  expect_match "$(in_volume ls /backups/shows)" "$(status "$NAMESPACE" shows .backup.lastVerified.name)\.verified" "the backup is verified"
  expect "$(psql_as_admin pg17 shows_copy 'SELECT count(*) FROM tickets')" 1000 "the copy has every row"
  expect "$(psql_as_admin pg17 shows 'SELECT count(*) FROM tickets')" 1000 "and so has the live one again"
  expect "$(kc get ttrestore shows-back --namespace="$NAMESPACE" --output='jsonpath={.status.phase}')" Restored "the restore says so"
  agrees shows pg17
}

databases_and_backups_outlive_it() {
  local archive
  archive=$(status "$NAMESPACE" shows .backup.lastVerified.name)
  walk_part quick-start '^9'
  nobody_knows_the_operator
  expect "$(version pg17 songs)/$(version pg17 concerts)/$(tables pg17 choir)/$(psql_as_admin pg17 shows 'SELECT count(*) FROM tickets')" \
    2/2/1/1000 "the databases are as they were"
  expect "$(psql_as_admin pg17 soleil 'SELECT version_num FROM alembic_version')" b929f80a8f42 "each of them"
  expect_match "$(in_volume ls /backups/shows)" "$archive\.dump" "and so is the backup"
}

kubectl_installs_and_removes_it_too() {
  walk_part quick-start '^Without Helm'
  nobody_knows_the_operator
}

fresh_namespace
new_reader
a_volume
trap clean_up EXIT
nothing_is_there_yet
helm_installs_the_operator
flyway_migrates
alembic_migrates
production_is_approved
create_all_makes_what_is_missing
a_backup_is_verified_and_restored
databases_and_backups_outlive_it
kubectl_installs_and_removes_it_too
