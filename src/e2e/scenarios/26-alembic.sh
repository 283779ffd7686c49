#!/bin/bash
# Alembic by the application's own image: the seeds' projects as they are, forward and back, and every way to be wrong.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

PASSWORD="p%w@:'d\""
CA='caRef: {configMap: {name: pg-ca}}, sslMode: verify-full'

# project NAME IMAGE ENVIRONMENT TARGET [LINE...]: a resource of its own database, over verified TLS, with a hard password.
project() {
  binding "$1" pg17 "password=${PASSWORD//\'/\'\'}"
  alembic "$@" | sed "s/{secretRef: {name: $1}}/{secretRef: {name: $1}, $CA}/"
}

DARWIN='urls: [{variable: DATABASE_URL, driver: psycopg}]'
TUNETRAIL='config: migrations/alembic.ini, urls: [{variable: DATABASE_URL, driver: asyncpg}]'
KARAOKE='config: migrations/alembic.ini, command: [flask, db], urls: [{variable: DATABASE_URL, driver: psycopg2}]'

hard_passwords() {
  local name
  for name in "$@"; do echo "ALTER ROLE \"$name\" PASSWORD '${PASSWORD//\'/\'\'}';"; done | psql_script pg17
}

all_projects_are_applied() {
  {
    project soleil soleil:2 staging latest
    ALEMBIC=$DARWIN project darwin darwin:1 development head
    ALEMBIC=$TUNETRAIL project tunetrail tunetrail:1 staging latest
    ALEMBIC=$KARAOKE project karaoke karaoke:1 development latest
    project bare bare:1 staging latest
    project twoheads twoheads:1 staging latest
    project broken broken:1 staging latest
    project gated soleil:2 production latest
  } | apply
}

the_seeds_projects_are_migrated_by_their_own_alembic() {
  await 120 "soleil: an env.py that reads only its ini" is_at_its_head soleil pg17
  await 120 "darwin: psycopg 3 and a URL in a variable" is_at_its_head darwin pg17
  await 120 "tunetrail: an async engine with asyncpg over TLS" is_at_its_head tunetrail pg17
  await 120 "karaoke: Flask-Migrate" is_at_its_head karaoke pg17
  expect "$(psql_as_admin pg17 karaoke "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'")" \
    "alembic_version jobs songs users" "psql finds karaoke's tables"
  expect "$(status "$NAMESPACE" soleil .initializationMethod)/$(status "$NAMESPACE" soleil .tableCount)" alembic/2 \
    "the status has the method, and counts no history table"
  expect_match "$(kc get configmaps --namespace="$NAMESPACE" --selector="tunetrail.io/resource-uid=$(uid soleil)" \
    --output='jsonpath={.items[*].data.imageID}')" 'sha256:' "the image's revisions are kept, with the ID of the image that told them"
}

uid() { kc get ttdb "$1" --namespace="$NAMESPACE" --output='jsonpath={.metadata.uid}'; }

what_is_wrong_is_said() {
  await 90 "an image without Alembic's ini" says bare AlembicNotConfigured 'alembic.ini.*alembic init'
  await 90 "fault_32: several heads are both named" says twoheads MultipleHeads 'fcdda123b0dc.*6615f34387a3|6615f34387a3.*fcdda123b0dc'
  await 90 "a revision that fails is told with PostgreSQL's words" says broken MigrationFailed 'duplicate key'
  expect "$(psql_as_admin pg17 broken "SELECT to_regclass('genres') IS NULL")" t "nothing of it stays"
  expect "$(kc get jobs --namespace="$NAMESPACE" --selector=tunetrail.io/database=broken,tunetrail.io/task=migrate --output=name | wc -l)" \
    1 "fault_28: it is not run again as it is"
}

each_is_mended_by_what_its_message_says() {
  change broken '{"schema":{"alembic":{"image":"localhost/app/broken:2"}}}'
  change twoheads '{"targetVersion":"heads"}'
  await 120 "the corrected revision runs" is_at_its_head broken pg17
  await 120 "all heads may be the target" is_ready_at twoheads 6615f34387a3,fcdda123b0dc
  expect "$(revision pg17 twoheads)" 6615f34387a3,fcdda123b0dc "psql finds both"
  change soleil '{"targetVersion":"fcdda123b0dc"}'
  await 60 "a revision that the image does not have" says soleil UnknownRevision 'fcdda123b0dc.*heads are 94e966246223'
  change soleil '{"targetVersion":"latest"}'
}

production_waits_until_this_revision_is_approved() {
  await 90 "production waits" says gated AwaitingApproval '2 migrations to version 94e966246223'
  expect "$(psql_as_admin pg17 gated "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0 "nothing has run"
  change gated "{\"approval\":{\"version\":\"94e966246223\",\"digest\":\"$(status "$NAMESPACE" gated .pendingDigest)\",\"approvedBy\":\"ada\"}}"
  await 120 "approved, it is migrated" is_at_its_head gated pg17
}

upgrade_downgrade_upgrade_ends_with_the_catalog_it_had() {
  local before
  before=$(catalog pg17 soleil)
  psql_as_admin pg17 soleil "INSERT INTO users (id, email, google_id, display_name) VALUES ('1', 'a@b', 'g', 'kept')"
  change soleil '{"targetVersion":"ebdd"}'
  await 60 "fault_42: a target below is refused" says soleil TargetBelowDatabase 'would undo 94e966246223'
  change soleil '{"migration":{"rollback":"Undo"}}'
  await 120 "it goes back by alembic downgrade" is_ready_at soleil ebdde5263aa5
  expect "$(revision pg17 soleil)/$(psql_as_admin pg17 soleil "SELECT to_regclass('songs') IS NULL")" ebdde5263aa5/t \
    "psql finds the revision, and the table gone"
  change soleil '{"targetVersion":"latest"}'
  await 120 "it goes forward again" is_at_its_head soleil pg17
  expect "$(catalog pg17 soleil)" "$before" "the catalog is the one it had"
  expect "$(psql_as_admin pg17 soleil "SELECT display_name FROM users")" kept "the row survived"
}

fault_20_an_index_is_built_concurrently_without_a_hang() {
  change soleil '{"schema":{"alembic":{"image":"localhost/app/soleil:3"}}}'
  await 120 "fault_20: a newer image with a concurrent index is migrated by itself" is_ready_at soleil b929f80a8f42
  expect "$(psql_as_admin pg17 soleil "SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_created'::regclass")" t "the index is valid"
}

fault_25_a_history_that_was_edited_is_never_repaired() {
  psql_as_admin pg17 darwin "UPDATE alembic_version SET version_num = 'somebodyelse'"
  change darwin '{"suspend":true}'
  await 60 "fault_25: an unknown revision in the database is told" says darwin UnknownRevision 'somebodyelse, which the image does not have'
  expect "$(revision pg17 darwin)" somebodyelse "nobody repairs it"
  psql_as_admin pg17 darwin "UPDATE alembic_version SET version_num = 'b5f6a8002c5e'"
  change darwin '{"suspend":false}'
  await 60 "put back, it is ready" is_at_its_head darwin pg17
}

no_password_is_anywhere() {
  local said
  said=$(kc get ttdb,jobs,pods,configmaps,events --namespace="$NAMESPACE" --output=yaml; dump_all_logs)
  [[ $said != *"p%w@:"* && $said != *"p%25w%40"* ]] || fail "the password is in the log, status, event, report or argument of something"
  pass "the password is in no status, event, Job, ConfigMap or log"
}

dump_all_logs() {
  local pod
  for pod in $(kc get pods --namespace="$NAMESPACE" --output=name); do
    kc logs --namespace="$NAMESPACE" "$pod" --all-containers --ignore-errors || true
  done
  kc logs deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --tail=3000
}

fresh_namespace
new_databases pg17 soleil darwin tunetrail karaoke bare twoheads broken gated
hard_passwords soleil darwin tunetrail karaoke bare twoheads broken gated
all_projects_are_applied
the_seeds_projects_are_migrated_by_their_own_alembic
what_is_wrong_is_said
each_is_mended_by_what_its_message_says
production_waits_until_this_revision_is_approved
upgrade_downgrade_upgrade_ends_with_the_catalog_it_had
fault_20_an_index_is_built_concurrently_without_a_hang
fault_25_a_history_that_was_edited_is_never_repaired
no_password_is_anywhere
