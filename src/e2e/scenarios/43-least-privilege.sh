#!/bin/bash
# examples/roles.sql: a migrating role, an application's and a monitoring one, with exactly what that file gives them.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

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
  for name in least fewest; do
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

monitoring_reads_the_histories_only() {
  expect "$(as_monitor "$1" least "SELECT to_version || ' ' || outcome FROM tunetrail.history ORDER BY id LIMIT 1")" "2 Done" \
    "monitoring reads the operator's history"
  expect "$(as_monitor "$1" least 'SELECT count(*) FROM flyway_schema_history')" 2 "and the engine's"
  expect_match "$(as_monitor "$1" least 'SELECT pg_database_size(current_database())')" '^[0-9]+$' "and the database's size"
  local sql
  for sql in 'SELECT FROM songs' "INSERT INTO songs (title) VALUES ('x')" 'CREATE TABLE own (id int)' 'DELETE FROM tunetrail.history' \
    'DELETE FROM flyway_schema_history' 'SET ROLE least_owner' "SELECT pg_read_file('PG_VERSION')"; do
    is_denied as_monitor "$1" least "$sql"
  done
}

fresh_namespace
databases_that_nobody_owns pg15
the_migrating_role_migrates pg15
by_itself_it_may_nothing pg15
the_application_works_with_rows_only pg15
the_application_waits_for_its_schema pg15
monitoring_reads_the_histories_only pg15
it_goes_back pg15
