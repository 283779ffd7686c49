#!/bin/bash
# Production by plan: what is shown of scripts of each kind, which approvals name no plan, and Alembic's revisions that can't be
# planned without a database; what PostgreSQL executed is what was planned. The whole circle is scenario 65.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$E2E/parser.sh"
trap 'rm -rf "$PLANS"' EXIT

CA='caRef: {configMap: {name: pg-ca}}'

GENRE_V2="ALTER TABLE songs ADD COLUMN genre text DEFAULT '\${genre}';"

# by_flyway V2: at its latest version.
by_flyway() {
  scripts planned V1__songs.sql='CREATE TABLE songs (id int PRIMARY KEY, title text);' V2__genre.sql="$1" \
    V3__index.sql='CREATE INDEX CONCURRENTLY songs_title ON songs (title);' \
    R__titles.sql='CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;'
}

# finds_nothing NAME: not even the operator's own.
finds_nothing() {
  expect "$(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'tunetrail')")" 0 \
    "psql finds nothing in $1"
}

all_are_applied() {
  {
    binding planned pg17
    by_flyway "$GENRE_V2"
    flyway planned production latest | sed "s/{secretRef: {name: planned}}/{secretRef: {name: planned}, $CA}/
      s/configMaps: \[{name: planned}\]/&, placeholders: {genre: rock}/"
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

approved_by_its_plan_it_runs() {
  keep_plan planned
  approve_plan planned 3
  await 120 "approved by its plan, it runs" is_ready_at planned 3
  agrees planned pg17
}

a_project_that_reads_the_database_is_planned_on_scratch() {
  await 120 "without a scratch database there is no plan" says backfilled PlanUnavailable 'fetchall.*ALTER ROLE .*CREATEDB'
  psql_as_admin pg17 postgres 'ALTER ROLE backfilled CREATEDB'
  await 120 "with one it is planned by itself" says backfilled AwaitingApproval '3 migrations to version c81d4e2e9a77'
  expect_match "$(sql_of backfilled)" "slugs.py \| true \| COMMENT ON COLUMN songs.slug IS '100% lower case'" "its SQL is shown"
  expect "$(plan_of backfilled | jq --raw-output '.method, .target' | paste -sd/)" alembic/c81d4e2e9a77 "with its engine and target"
  finds_nothing backfilled
  expect "$(scratch_databases pg17 backfilled)" 0 "no scratch database is left"
  keep_plan backfilled
  approve_plan backfilled c81d4e2e9a77
  await 120 "approved, it is migrated" is_at_its_head backfilled pg17
  expect "$(status "$NAMESPACE" backfilled .plan)$(kc get configmaps --namespace="$NAMESPACE" --selector=tunetrail.io/task=plan \
    --output='jsonpath={range .items[*]}{.metadata.annotations.tunetrail\.io/resource}{" "}{end}' | tr ' ' '\n' | grep -c backfilled || true)" 0 \
    "its plan is forgotten"
}

fresh_namespace
new_databases pg17 planned backfilled
psql_as_admin pg17 postgres 'ALTER ROLE backfilled NOCREATEDB'
SINCE=$(server_time)
all_are_applied
flyways_sql_is_shown_and_nothing_runs
an_approval_of_no_plan_is_refused
approved_by_its_plan_it_runs
a_project_that_reads_the_database_is_planned_on_scratch
executed_as_planned "$SINCE" planned backfilled
