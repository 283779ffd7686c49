#!/bin/bash
# Production by plan, for both engines: see the SQL, be held, approve it, edit it, see the approval void, approve again, migrate;
# and what PostgreSQL executed is what was planned.
# Lane: applications
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

STARTED=$(date -u +%FT%TZ)
PLANS=$(mktemp -d)
trap 'rm -rf "$PLANS"' EXIT
CA='caRef: {configMap: {name: pg-ca}}'

GENRE_V2="ALTER TABLE songs ADD COLUMN genre text DEFAULT '\${genre}';"

# by_flyway V2: at its latest version.
by_flyway() {
  scripts planned V1__songs.sql='CREATE TABLE songs (id int PRIMARY KEY, title text);' V2__genre.sql="$1" \
    V3__index.sql='CREATE INDEX CONCURRENTLY songs_title ON songs (title);' \
    R__titles.sql='CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;'
}

# plan_of NAME [PART]: the kept plan as JSON.
plan_of() {
  kc get configmap "$(status "$NAMESPACE" "$1" .plan.configMap)" --namespace="$NAMESPACE" --output='jsonpath={.data.plan\.json}'
}

# sql_of NAME: the plan's statements, a line each.
sql_of() { plan_of "$1" | jq --raw-output '.statements[] | [.script, (.transactional | tostring), (.sql | gsub("\\s+"; " "))] | join(" | ")'; }

# finds_nothing NAME: not even the operator's own.
finds_nothing() {
  expect "$(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'tunetrail')")" 0 \
    "psql finds nothing in $1"
}

# is_void NAME DIGEST: the approval is, and something else is planned.
is_void() { says "$1" ApprovalStale "$3.*approved $2, planned sha256:" && [[ $(plan_digest "$1") != "$2" ]]; }

# approve_and_keep NAME VERSION: and keeps the plan, which is forgotten once it ran.
approve_and_keep() {
  plan_of "$1" > "$PLANS/$1.json"
  approve_plan "$1" "$2"
}

all_are_applied() {
  {
    binding planned pg17
    by_flyway "$GENRE_V2"
    flyway planned production latest | sed "s/{secretRef: {name: planned}}/{secretRef: {name: planned}, $CA}/
      s/configMaps: \[{name: planned}\]/&, placeholders: {genre: rock}/"
    binding revised pg17
    alembic revised broken:1 production latest | sed "s/{secretRef: {name: revised}}/{secretRef: {name: revised}, $CA}/"
    binding backfilled pg17
    alembic backfilled backfill:1 production latest | sed "s/{secretRef: {name: backfilled}}/{secretRef: {name: backfilled}, $CA}/"
  } | apply
}

flyways_sql_is_shown_and_nothing_runs() {
  await 120 "planned is held" says planned AwaitingApproval "4 migrations to version 3.*$(plan_digest planned)"
  expect "$(sql_of planned)" "V1__songs.sql | true | CREATE TABLE songs (id int PRIMARY KEY, title text)
V2__genre.sql | true | ALTER TABLE songs ADD COLUMN genre text DEFAULT 'rock'
V3__index.sql | false | CREATE INDEX CONCURRENTLY songs_title ON songs (title)
R__titles.sql | true | CREATE OR REPLACE VIEW titles AS SELECT title FROM songs" "its SQL is shown, placeholders replaced"
  expect "$(status "$NAMESPACE" planned .plan.statements)/$(jobs planned)" 4/ "the status counts it, and no Job is left"
  finds_nothing planned
}

an_approval_of_no_plan_is_refused() {
  expect_match "$(change planned '{"approval":{"version":"3"}}' 2>&1 || true)" 'set approval.digest to status.plan.digest' \
    "the API server refuses an approval without a digest"
  change planned "{\"approval\":{\"version\":\"3\",\"digest\":\"$(status "$NAMESPACE" planned .pendingDigest)\"}}"
  await 120 "the digest of what is pending is no plan's" says planned ApprovalStale
}

fault_44_an_edit_voids_the_approval() {
  local approved
  approved=$(plan_digest planned)
  by_flyway 'ALTER TABLE songs ADD COLUMN genre text; DROP VIEW IF EXISTS titles;' | apply
  change planned "{\"approval\":{\"version\":\"3\",\"digest\":\"$approved\"}}"
  await 120 "fault_44: the edit voids the approval, and is planned" is_void planned "$approved" 'the content of what would run is another one'
  expect_match "$(sql_of planned)" 'DROP VIEW IF EXISTS titles' "the new plan shows it"
  finds_nothing planned
  by_flyway "$GENRE_V2" | apply
  await 120 "put back as it was approved, it runs" is_ready_at planned 3
}

alembics_sql_is_shown_and_nothing_runs() {
  await 120 "revised is held" says revised AwaitingApproval '3 migrations to version b1e6d1ccc907'
  expect_match "$(sql_of revised)" 'create_users.py \| true \| CREATE TABLE users.*genres.py \| true \| INSERT INTO genres' "its SQL is shown"
  expect "$(plan_of revised | jq --raw-output '.method, .target' | paste -sd/)" alembic/b1e6d1ccc907 "with its engine and target"
  finds_nothing revised
}

fault_44_an_image_with_an_edited_revision_voids_the_approval() {
  local approved
  approved=$(plan_digest revised)
  change revised "{\"schema\":{\"alembic\":{\"image\":\"localhost/app/broken:2\"}},
    \"approval\":{\"version\":\"b1e6d1ccc907\",\"digest\":\"$approved\"}}"
  await 120 "fault_44: the edited revision voids the approval" is_void revised "$approved" 'the content of what would run is another one'
  finds_nothing revised
  approve_and_keep revised b1e6d1ccc907
  await 120 "approved again, it is migrated" is_at_its_head revised pg17
  expect "$(status "$NAMESPACE" revised .plan)$(kc get configmaps --namespace="$NAMESPACE" --selector=tunetrail.io/task=plan \
    --output='jsonpath={range .items[*]}{.metadata.annotations.tunetrail\.io/resource}{" "}{end}' | tr ' ' '\n' | grep -c revised || true)" 0 \
    "its plan is forgotten"
}

a_project_that_reads_the_database_is_planned_on_scratch() {
  await 120 "without a scratch database there is no plan" says backfilled PlanUnavailable 'fetchall.*ALTER ROLE .*CREATEDB'
  psql_as_admin pg17 postgres 'ALTER ROLE backfilled CREATEDB'
  await 120 "with one it is planned by itself" says backfilled AwaitingApproval '3 migrations to version c81d4e2e9a77'
  expect_match "$(sql_of backfilled)" "slugs.py \| true \| COMMENT ON COLUMN songs.slug IS '100% lower case'" "its SQL is shown"
  finds_nothing backfilled
  expect "$(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
    WHERE datname LIKE 'tunetrail_scratch%' AND rolname = 'backfilled'")" 0 "no scratch database is left"
  approve_and_keep backfilled c81d4e2e9a77
  await 120 "approved, it is migrated" is_at_its_head backfilled pg17
}

what_was_executed_is_what_was_planned() {
  kc logs deployment/pg17 --namespace=databases --container=postgres --since-time="$STARTED" |
    awk '/^20[0-9][0-9]-/ {ours = / [a-z]+@(planned|revised|backfilled) LOG:/} ours' > "$PLANS/server.log"
  kc create configmap plans --namespace="$NAMESPACE" --from-file="$PLANS" > /dev/null
  apply << YAML
apiVersion: v1
kind: Pod
metadata: {name: parser}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
  volumes: [{name: plans, configMap: {name: plans}}]
  containers:
    - name: parser
      image: localhost/app/parser:1
      command: [python, fingerprints.py, /plans]
      volumeMounts: [{name: plans, mountPath: /plans, readOnly: true}]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
  await 120 "PostgreSQL's parser has compared" has_ended parser
  kc logs parser --namespace="$NAMESPACE"
  expect "$(kc get pod parser --namespace="$NAMESPACE" --output='jsonpath={.status.phase}')" Succeeded \
    "the DDL that PostgreSQL logged as executed is the DDL that was planned, in all three databases"
}

has_ended() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') =~ Succeeded|Failed ]]; }

fresh_namespace
new_databases pg17 planned revised backfilled
psql_as_admin pg17 postgres 'ALTER ROLE backfilled NOCREATEDB'
all_are_applied
flyways_sql_is_shown_and_nothing_runs
an_approval_of_no_plan_is_refused
plan_of planned > "$PLANS/planned.json"
fault_44_an_edit_voids_the_approval
alembics_sql_is_shown_and_nothing_runs
fault_44_an_image_with_an_edited_revision_voids_the_approval
a_project_that_reads_the_database_is_planned_on_scratch
what_was_executed_is_what_was_planned
