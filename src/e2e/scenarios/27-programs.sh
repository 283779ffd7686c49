#!/bin/bash
# The application's own image for community and for fixtures, its databases adopted and switched, and applications that wait.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

URLS='urls: [{variable: DATABASE_URL, driver: asyncpg}]'
IMAGE='image: "localhost/app/tunetrail:1", workingDirectory: /app'
PROGRAM="{$IMAGE, command: [python, -m, database_init], $URLS}"
PROJECT="{$IMAGE, config: migrations/alembic.ini, $URLS}"

# edition NAME EDITION [LINE...]
edition() {
  {
    printf 'edition: %s\nenvironment: development\nconnection: {secretRef: {name: %s}}\n' "$2" "$1"
    printf 'schema: {createAll: {program: %s}, alembic: %s}\n' "$PROGRAM" "$PROJECT"
    printf '%s\n' "${@:3}"
  } | resource "$1"
}

community_is_created_by_the_applications_create_all() {
  { binding tunetrail pg17; edition tunetrail community "seed: {program: {$IMAGE, command: [python, -m, seed], $URLS}}"; } | apply
  await 120 "community is created and gets its fixtures" is_ready_at tunetrail
  expect "$(psql_as_admin pg17 tunetrail "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 2 "psql finds the models' tables"
  expect "$(psql_as_admin pg17 tunetrail 'SELECT count(*) > 0 FROM users')" t "psql finds fixtures"
  expect "$(status "$NAMESPACE" tunetrail .initializationMethod)/$(status "$NAMESPACE" tunetrail .tableCount)" create-all/2 \
    "the status has the method and the tables"
  await 30 "the status says that the fixtures are in" fixtures_are_in tunetrail
}

fixtures_are_in() { [[ $(status "$NAMESPACE" "$1" .seed.current)/$(status "$NAMESPACE" "$1" .seed.outcome) == true/Done ]]; }

a_newer_image_creates_what_is_missing() {
  change tunetrail '{"schema":{"createAll":{"program":{"image":"localhost/app/tunetrail:2"}}}}'
  await 120 "a newer image has run" has_tables tunetrail 3
  await 60 "and it is ready" is_ready_at tunetrail
  change tunetrail '{"schema":{"createAll":{"program":{"image":"localhost/app/tunetrail:1"}}}}'
  psql_as_admin pg17 tunetrail 'DROP TABLE playlists'
}

has_tables() { [[ $(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "$2" ]]; }

community_becomes_commercial_by_alembic_and_community_again() {
  local rows
  rows=$(psql_as_admin pg17 tunetrail 'SELECT count(*) FROM users')
  change tunetrail '{"edition":"commercial"}'
  await 90 "commercial says how to go on" says tunetrail TablesWithoutHistory 'made by create-all.*migration.adopt'
  psql_as_admin pg17 postgres 'ALTER ROLE tunetrail NOCREATEDB'
  change tunetrail '{"migration":{"adopt":"Baseline","baselineVersion":"0c5619759e70"}}'
  await 60 "without CREATEDB the GRANT is named" says tunetrail ScratchUnavailable 'ALTER ROLE.*CREATEDB'
  psql_as_admin pg17 postgres 'ALTER ROLE tunetrail CREATEDB'
  change tunetrail '{"migration":{"adopt":"Baseline","baselineVersion":"207064b25dc6"}}'
  await 120 "compared on a scratch database and with the models, it is adopted" is_ready_at tunetrail 207064b25dc6
  expect "$(revision pg17 tunetrail)" 207064b25dc6 "alembic stamp has put the revision in"
  change tunetrail '{"schema":{"alembic":{"image":"localhost/app/tunetrail:2"}}}'
  await 120 "a newer image runs only what is newer" is_ready_at tunetrail 51a4b1decfae
  change tunetrail '{"edition":"community","schema":{"createAll":{"program":{"image":"localhost/app/tunetrail:2"}}}}'
  await 120 "community again keeps the history and says so" kept_history tunetrail
  expect "$(psql_as_admin pg17 tunetrail 'SELECT count(*) FROM users')" "$rows" "the rows survived both ways"
}

kept_history() {
  is_ready_at "$1" && [[ $(message "$1") == *"history in public.alembic_version is kept and not used"* ]]
}

a_database_that_differs_is_not_adopted() {
  psql_as_admin pg17 postgres 'ALTER ROLE differs CREATEDB'
  psql_as_admin pg17 differs 'SET ROLE differs; CREATE TABLE users (id varchar PRIMARY KEY)'
  {
    binding differs pg17
    edition differs commercial 'migration: {adopt: Baseline, baselineVersion: "0c5619759e70"}'
  } | apply
  await 120 "what differs is named" says differs SchemaDiffers 'users\.'
  expect "$(psql_as_admin pg17 differs "SELECT to_regclass('alembic_version') IS NULL")" t "nothing was stamped"
}

# Its role may make no scratch database, and alembic_version is not there while Alembic checks.
the_images_own_check_decides_at_the_newest_revision() {
  psql_as_admin pg17 postgres 'ALTER ROLE modelled NOCREATEDB'
  { binding modelled pg17; edition modelled community; } | apply
  await 120 "community is created" is_ready_at modelled
  psql_as_admin pg17 modelled "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'ada@example.org')"
  change modelled '{"edition":"commercial","schema":{"alembic":{"image":"localhost/app/ahead:1"}},
    "migration":{"adopt":"Baseline","baselineVersion":"207064b25dc6"}}'
  await 120 "what only the models have is named" says modelled SchemaDiffers '1 difference: table moods is missing'
  expect "$(psql_as_admin pg17 modelled "SELECT to_regclass('alembic_version') IS NULL AND to_regclass('moods') IS NULL")" t \
    "the check has written nothing"
  change modelled '{"schema":{"alembic":{"image":"localhost/app/tunetrail:1"}}}'
  await 120 "without CREATEDB models that agree will do" is_ready_at modelled 207064b25dc6
  expect "$(revision pg17 modelled)/$(psql_as_admin pg17 modelled 'SELECT email FROM users')" 207064b25dc6/ada@example.org \
    "it is stamped and has its row"
}

# waiting NAME VERSION DEADLINE: an application's pod whose init container waits with the application's own credentials.
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
  initContainers:
    - name: schema
      image: localhost/tunetrail/operator:dev
      args: [wait]
      env:
        - {name: TUNETRAIL_WAIT_FOR, value: "$2"}
        - {name: TUNETRAIL_WAIT_DEADLINE, value: $3}
        - {name: TUNETRAIL_MOUNTS, value: /etc/tunetrail}
      securityContext: &restricted {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: secret, mountPath: /etc/tunetrail/secret, readOnly: true}]
  containers:
    - {name: application, image: "localhost/app/soleil:1", command: [python, -c, "print('started')"], securityContext: *restricted}
  volumes: [{name: secret, secret: {secretName: waits-app, defaultMode: 0440}}]
YAML
}

phase_is() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') == "$2" ]]; }

log_says() { kc logs "$1" --container=schema --namespace="$NAMESPACE" | tee /dev/stderr | grep -q -E "$2"; }

applications_wait_for_their_schema() {
  psql_as_admin pg17 postgres "DO \$\$ BEGIN CREATE ROLE waits_app LOGIN PASSWORD 'other'; EXCEPTION WHEN duplicate_object THEN END \$\$"
  {
    binding waits-app pg17 database=waits username=waits_app password=other
    waiting newer b929f80a8f42 5m
    waiting never 0123456789ab 3s
  } | apply
  await 60 "an application waits and says what for" log_says newer 'waiting for .*b929f80a8f42'
  await 60 "one whose deadline is over ends" phase_is never Failed
  expect_match "$(kc logs never --container=schema --namespace="$NAMESPACE")" \
    'gave up after [0-9]+ s waiting for version 0123456789ab: .*Raise TUNETRAIL_WAIT_DEADLINE' "and says what it waited for, and how long it may"
  expect "$(kc get pod never --namespace="$NAMESPACE" --output='jsonpath={.status.initContainerStatuses[0].state.terminated.exitCode}')" 24 \
    "with an exit code of its own"
  { binding waits pg17; alembic waits soleil:3 development latest; } | apply
  await 120 "once the schema is there the application starts" phase_is newer Succeeded
  change waits '{"schema":{"alembic":{"image":"localhost/app/soleil:3"}}}'
  waiting older ebdde5263aa5 5m | apply
  await 60 "one that needs an older revision starts at once" phase_is older Succeeded
}

fresh_namespace
new_databases pg17 tunetrail differs waits modelled
community_is_created_by_the_applications_create_all
a_newer_image_creates_what_is_missing
community_becomes_commercial_by_alembic_and_community_again
a_database_that_differs_is_not_adopted
the_images_own_check_decides_at_the_newest_revision
applications_wait_for_their_schema
