#!/bin/bash
# examples/roles.sql: a migrating role, an application's and a monitoring one, with exactly what that file gives them.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"

# made_by_the_dba SERVER DATABASE: examples/roles.sql as its head says.
made_by_the_dba() {
  kc exec --stdin --namespace=databases "deployment/$1" --container=postgres -- bash -c '
    PGPASSWORD=$(cat /etc/postgresql/password/password) exec psql -X -q -h "$0.databases" -U postgres -d "$1" \
      -v owner="$1_owner" -v migrator="$1_migrator" -v app="$1_app" -v monitor="$1_monitor" \
      -v migrator_password=m -v app_password=a -v monitor_password=r -f -' "$@" < "$ROOT/examples/roles.sql" > /dev/null
}

as_app() { psql_as "$1" "$2" "$2_app" a "$3"; }
as_monitor() { psql_as "$1" "$2" "$2_monitor" r "$3"; }

# is_denied FUNCTION SERVER DATABASE SQL
is_denied() {
  local said
  if said=$("$@" 2>&1); then fail "$1 may: $4"; fi
  expect_match "$said" 'permission denied|must be owner' "$1 may not: $4"
}

databases_that_nobody_owns() {
  local name
  for name in least fewest simple; do
    psql_script "$1" << SQL
DROP DATABASE IF EXISTS $name WITH (FORCE);
CREATE DATABASE $name;
SQL
    made_by_the_dba "$1" "$name"
  done
  made_by_the_dba "$1" least
  pass "roles.sql makes the roles and may run again on $1"
}

the_migrating_role_migrates() {
  {
    binding least "$1" username=least_migrator password=m
    scripts least V1__songs.sql='CREATE TABLE songs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text);' \
      V2__index.sql='CREATE INDEX CONCURRENTLY by_title ON songs (title);'
    flyway least staging latest 'migration: {rollback: Undo}' | sed 's/{secretRef: {name: least}}/{secretRef: {name: least}, role: least_owner}/'
    binding fewest "$1" username=fewest_migrator password=m
    alembic fewest soleil:2 staging latest | sed 's/{secretRef: {name: fewest}}/{secretRef: {name: fewest}, role: fewest_owner}/'
  } | apply
  await 120 "the migrating role migrates by Flyway on $1" is_ready_at least 2
  agrees least "$1"
  await 120 "and by Alembic" is_at_its_head fewest "$1"
  expect "$(psql_as_admin "$1" least "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables
    WHERE schemaname IN ('public', 'tunetrail')")" least_owner "all that it made belongs to the owner"
  made_by_the_dba "$1" least
  made_by_the_dba "$1" fewest
}

the_migrating_role_makes_what_is_missing_and_seeds_it() {
  {
    binding simple "$1" username=simple_migrator password=m
    scripts simple 1.sql='CREATE TABLE IF NOT EXISTS songs (id int PRIMARY KEY);'
    scripts simple-data 1.sql='INSERT INTO songs VALUES (1) ON CONFLICT DO NOTHING;'
    resource simple << 'YAML'
edition: community
environment: development
connection: {secretRef: {name: simple}, role: simple_owner}
schema: {createAll: {configMaps: [{name: simple}]}}
seed: {configMaps: [{name: simple-data}]}
YAML
  } | apply
  await 120 "the migrating role makes what is missing" is_ready_at simple
  await 60 "and seeds it" has_songs "$1" simple
  expect "$(status "$NAMESPACE" simple .tableCount)" "$(tables "$1" simple)" "status and psql count its tables"
}

has_songs() { [[ $(psql_as_admin "$1" "$2" 'SELECT count(*) FROM songs') == 1 ]]; }

the_migrating_role_backs_up() {
  change fewest '{"backup":{"schedule":"0 3 1 1 *","verification":{"suspend":true},
    "storage":{"persistentVolumeClaim":{"claimName":"backups"}}}}'
  await 30 "its CronJob is there" kc get cronjob fewest-backup --namespace="$NAMESPACE"
  kc create job by-hand --from=cronjob/fewest-backup --namespace="$NAMESPACE" > /dev/null
  await 60 "the migrating role backs up" condition_is "$NAMESPACE" fewest BackupHealthy "True BackedUp"
  expect "$(status "$NAMESPACE" fewest .backup.lastSuccessful.migrationVersion)" "$(revision pg15 fewest)" "and the status tells of which version"
}

it_goes_back() {
  scripts least V1__songs.sql='CREATE TABLE songs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text);' \
    V2__index.sql='CREATE INDEX CONCURRENTLY by_title ON songs (title);' U2__index.sql='DROP INDEX by_title;' | apply
  change least '{"targetVersion":"1"}'
  await 120 "the migrating role goes back" is_ready_at least 1
}

by_itself_it_may_nothing() {
  psql_as "$1" least least_migrator m 'SELECT count(*) FROM tunetrail.history' > /dev/null
  is_denied as_migrator "$1" least 'CREATE TABLE public.own (id int)'
  is_denied as_migrator "$1" least 'SELECT FROM public.songs'
  is_denied as_migrator "$1" least 'CREATE SCHEMA own'
}

as_migrator() { psql_as "$1" "$2" "$2_migrator" m "$3"; }

the_application_works_with_rows_only() {
  as_app "$1" least "INSERT INTO songs (title) VALUES ('one'); UPDATE songs SET title = 'two'; DELETE FROM songs WHERE false"
  expect "$(as_app "$1" least 'SELECT title FROM songs')" two "the application reads and writes what the owner made"
  local sql
  for sql in 'CREATE TABLE own (id int)' 'ALTER TABLE songs ADD more int' 'DROP TABLE songs' 'TRUNCATE songs' 'CREATE SCHEMA own' \
    "UPDATE flyway_schema_history SET version = '9'" 'DELETE FROM flyway_schema_history' 'DELETE FROM tunetrail.history' \
    "INSERT INTO tunetrail.history (format) VALUES (1)" 'SET ROLE least_owner' 'CREATE TEMPORARY TABLE own (id int)'; do
    is_denied as_app "$1" least "$sql"
  done
  is_denied as_app "$1" fewest "UPDATE alembic_version SET version_num = 'x'"
}

# waiting NAME VERSION: an application's pod with the application's own credentials.
waiting() {
  cat << YAML
---
apiVersion: v1
kind: Pod
metadata: {name: $1}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: schema
    image: localhost/tunetrail/operator:dev
    args: [wait]
    env:
    - {name: TUNETRAIL_WAIT_FOR, value: "$2"}
    - {name: TUNETRAIL_WAIT_DEADLINE, value: 60s}
    - {name: TUNETRAIL_MOUNTS, value: /etc/tunetrail}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: secret, mountPath: /etc/tunetrail/secret, readOnly: true}]
  volumes:
  - {name: secret, secret: {secretName: $1-app}}
YAML
}

succeeded() {
  kc logs "$1" --namespace="$NAMESPACE" || true
  [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == Succeeded ]]
}

the_application_waits_for_its_schema() {
  {
    binding least-app "$1" database=least username=least_app password=a
    binding fewest-app "$1" database=fewest username=fewest_app password=a
    waiting least 2
    waiting fewest 94e966246223
  } | apply
  await 90 "the application waits for Flyway's version with its own rights" succeeded least
  await 90 "and for Alembic's" succeeded fewest
}

the_operator_measures_by_the_monitoring_role() {
  binding least-monitor "$1" database=nowhere username=least_monitor password=r | apply
  change least '{"monitoring":{"secretRef":{"name":"least-monitor"}}}'
  await 30 "the operator measures by the monitoring role" condition_is "$NAMESPACE" least Monitored "True Measured"
  await 20 "no session's state is hidden from it" sees_all_states "$1"
  psql_as_admin "$1" postgres "ALTER ROLE least_monitor PASSWORD 'other'"
  look_again least
  await 30 "a wrong password of it is told" condition_is "$NAMESPACE" least Monitored "False MonitoringFailed"
  expect_match "$(condition_message "$NAMESPACE" least Monitored)" 'authentication failed.*Correct monitoring.secretRef' \
    "with what to do"
  expect "$(condition "$NAMESPACE" least Ready) $(condition "$NAMESPACE" least DatabaseReachable)" "True UpToDate True Reachable" \
    "and the database is looked at and ready all the same"
  psql_as_admin "$1" postgres "ALTER ROLE least_monitor PASSWORD 'r'"
  await 60 "it is measured again by itself" condition_is "$NAMESPACE" least Monitored "True Measured"
}

# A session that begins has none yet.
sees_all_states() {
  [[ $(as_monitor "$1" least "SELECT count(*) FROM pg_stat_activity WHERE state IS NULL AND backend_type = 'client backend'") == 0 ]]
}

monitoring_reads_the_histories_only() {
  expect "$(as_monitor "$1" least "SELECT to_version || ' ' || outcome FROM tunetrail.history ORDER BY id LIMIT 1")" "2 Done" \
    "monitoring reads the operator's history"
  expect "$(as_monitor "$1" least 'SELECT count(*) FROM flyway_schema_history')" 2 "and the engine's"
  expect_match "$(as_monitor "$1" least 'SELECT pg_database_size(current_database())')" '^[0-9]+$' "and the database's size"
  local sql
  for sql in 'SELECT FROM songs' "INSERT INTO songs (title) VALUES ('x')" 'CREATE TABLE own (id int)' 'DELETE FROM tunetrail.history' \
    'DELETE FROM flyway_schema_history' 'SET ROLE least_owner' "SELECT pg_read_file('PG_VERSION')" 'SELECT pg_ls_waldir()'; do
    is_denied as_monitor "$1" least "$sql"
  done
}

fresh_namespace
a_claim_with_a_volume
databases_that_nobody_owns pg15
the_migrating_role_migrates pg15
the_migrating_role_makes_what_is_missing_and_seeds_it pg15
the_migrating_role_backs_up
by_itself_it_may_nothing pg15
the_application_works_with_rows_only pg15
the_application_waits_for_its_schema pg15
monitoring_reads_the_histories_only pg15
the_operator_measures_by_the_monitoring_role pg15
it_goes_back pg15
