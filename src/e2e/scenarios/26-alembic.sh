#!/bin/bash
# Alembic by the application's own image: the seeds' projects as they are, forward and back, and every way to be wrong.
# Lane: applications
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

# SOLEil's document has an env.py that defines run_migrations_online() and, unlike Alembic's template, never calls it. So its
# own `alembic upgrade` does nothing, which the image seedenv shows; soleil has the one line that the template ends with.
soleil_has_the_seeds_env_and_its_call() {
  expect "$(diff "$E2E"/applications/{seedenv,soleil}/1/alembic/env.py)" $'23a24\n> run_migrations_online()' \
    "soleil's env.py is the seed's and one line"
}

# In these databases nothing is made, altered or dropped without TLS, whoever asks.
no_ddl_without_tls() {
  local name
  for name in "$@"; do
    psql_as_admin pg17 "$name" "CREATE SCHEMA dba; CREATE FUNCTION dba.require_tls() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
      BEGIN IF NOT (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) THEN RAISE 'without TLS'; END IF; END \$\$;
      CREATE EVENT TRIGGER require_tls ON ddl_command_start EXECUTE FUNCTION dba.require_tls()"
  done
  expect_match "$(psql_as_admin pg17 tunetrail 'CREATE TABLE plain ()' 2>&1 || true)" 'without TLS' "a session without TLS makes no table"
}

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
    project seedenv seedenv:1 staging latest
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
  await 90 "fault_31: the seed's env.py, which runs nothing, is found out" says seedenv VersionUnchanged \
    'env.py may not call context.run_migrations\(\)'
  expect "$(psql_as_admin pg17 seedenv "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0 "it has made no table"
}

each_is_mended_by_what_its_message_says() {
  change seedenv '{"schema":{"alembic":{"image":"localhost/app/soleil:2"}}}'
  change twoheads '{"targetVersion":"heads"}'
  await 120 "an env.py with the call runs" is_at_its_head seedenv pg17
  await 120 "all heads may be the target" is_ready_at twoheads 6615f34387a3,fcdda123b0dc
  expect "$(revision pg17 twoheads)" 6615f34387a3,fcdda123b0dc "psql finds both"
  change soleil '{"targetVersion":"fcdda123b0dc"}'
  await 60 "a revision that the image does not have" says soleil UnknownRevision 'fcdda123b0dc.*heads are 94e966246223'
  change soleil '{"targetVersion":"latest"}'
}

# note_changes WHAT JSONPATH GET-ARGUMENT...: from now on a line "TIME WHAT VALUE" in $SEEN for each change.
note_changes() {
  kubectl --kubeconfig="$E2E_KUBECONFIG" get "${@:3}" --namespace="$NAMESPACE" --watch --output="jsonpath=$2{\"\n\"}" \
    > >(while read -r value; do echo "$EPOCHREALTIME $1 $value"; done >> "$SEEN") &
  WATCHES+=($!)
}

end_watches() {
  kill "${WATCHES[@]}" 2> /dev/null || true
  rm -f "$SEEN"
}

# first_seen WHAT PATTERN: the time, in seconds; nothing where it was not seen.
first_seen() { awk -v what="$1" -v pattern="$2" '$2 == what && $3 ~ pattern {print $1; exit}' "$SEEN"; }

is_seen() { [[ -n $(first_seen "$@") ]]; }

production_waits_until_this_revision_is_approved() {
  await 90 "production waits" says gated AwaitingApproval '2 migrations to version 94e966246223'
  expect "$(psql_as_admin pg17 gated "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0 "nothing has run"
  note_changes ready '{.status.conditions[?(@.type=="Ready")].status}' ttdb gated
  note_changes completed '{.status.completionTime}' jobs --selector=tunetrail.io/database=gated,tunetrail.io/task=migrate
  await 30 "its conditions are watched" is_seen ready False
  approve_plan gated 94e966246223
  await 120 "approved, it is migrated" is_at_its_head gated pg17
}

ready_does_not_wait_for_the_job_to_complete() {
  local ready completed
  await 60 "its Job is complete" is_seen completed '^20'
  ready=$(first_seen ready True)
  completed=$(first_seen completed '^20')
  [[ $ready < $completed ]] || fail "Ready was seen at $ready, the Job's completion at $completed"
  pass "Ready was seen before the Job's completion: at $ready and at $completed"
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

fault_28_an_sql_error_is_run_again_only_when_an_input_changes() {
  expect "$(jobs broken | grep -c broken-migrate)/$(works pg17 broken)" 1/1 "fault_28: minutes later it was not run again as it is"
  change broken '{"schema":{"alembic":{"image":"localhost/app/broken:2"}}}'
  await 120 "the corrected revision runs" is_at_its_head broken pg17
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

SEEN=$(mktemp)
WATCHES=()
trap end_watches EXIT
soleil_has_the_seeds_env_and_its_call
fresh_namespace
new_databases pg17 soleil darwin tunetrail karaoke bare twoheads broken gated seedenv
hard_passwords soleil darwin tunetrail karaoke bare twoheads broken gated seedenv
no_ddl_without_tls soleil darwin tunetrail karaoke
all_projects_are_applied
the_seeds_projects_are_migrated_by_their_own_alembic
what_is_wrong_is_said
each_is_mended_by_what_its_message_says
production_waits_until_this_revision_is_approved
ready_does_not_wait_for_the_job_to_complete
upgrade_downgrade_upgrade_ends_with_the_catalog_it_had
fault_20_an_index_is_built_concurrently_without_a_hang
fault_25_a_history_that_was_edited_is_never_repaired
fault_28_an_sql_error_is_run_again_only_when_an_input_changes
no_password_is_anywhere
