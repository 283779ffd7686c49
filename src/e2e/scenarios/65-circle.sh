#!/bin/bash
# The whole circle, with Flyway and with Alembic at once: a migration is committed, its plan is seen, who lacks the right is
# refused, it is approved, edited, void, approved again, run; somebody changes the database by hand, and that is seen, too.
source "$(dirname "${BASH_SOURCE[0]}")/../people.sh"
source "$E2E/parser.sh"
trap 'remove_policies; rm -rf "$ACCOUNTS" "$PLANS"' EXIT

POLICY_SUFFIX=-circle
BOTH=(circleflyway circlealembic)
declare -A AIM=([circleflyway]=3 [circlealembic]=b1e6d1ccc907)
V1='CREATE TABLE songs (id int PRIMARY KEY, title text);'
V2='ALTER TABLE songs ADD COLUMN genre text;'
V2_EDITED='ALTER TABLE songs ADD COLUMN genre varchar(40);'
V3='CREATE INDEX CONCURRENTLY songs_title ON songs (title);'

# by_ca NAME: production verifies the server's certificate.
by_ca() { sed "s/{secretRef: {name: $1}}/{secretRef: {name: $1}, caRef: {configMap: {name: pg-ca}}}/"; }

# committed V2: the developer's scripts.
committed() {
  scripts circleflyway V1__songs.sql="$V1" V2__genre.sql="$1" V3__index.sql="$V3" |
    kubectl --kubeconfig="$ACCOUNTS/developer" apply --filename=- > /dev/null
}

# image_is TAG: of the developer's application.
image_is() {
  patch_as developer circlealembic "{\"schema\":{\"alembic\":{\"image\":\"localhost/app/$1\"}}}" > /dev/null
}

# made NAME: what psql finds of what the migrations are about: genre's type, the index, and the table of genres.
made() {
  psql_as_admin pg17 "$1" "SELECT concat_ws(' ',
    (SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass('songs') AND attname = 'genre'),
    to_regclass('songs_title'), to_regclass('genres'))"
}

# nothing_ran NAME WHEN: neither the status nor the database has moved.
nothing_ran() {
  expect "$(status "$NAMESPACE" "$1" .migrationVersion)/$(versions "$1")/$(works pg17 "$1")/$(made "$1")" \
    "${START[$1]}/${START[$1]}/1/${MADE[$1]}" "$2: status and PostgreSQL are where they were, after one work"
}

# versions NAME: as the engine's own table in the database says.
versions() {
  case $1 in
    circleflyway) version pg17 "$1" ;;
    circlealembic) revision pg17 "$1" ;;
  esac
}

# approval NAME BY [NOT-BEFORE]: of the plan that the status tells now.
approval() {
  jq --null-input --compact-output --arg version "${AIM[$1]}" --arg digest "$(plan_digest "$1")" --arg by "$2" --arg from "${3:-}" \
    '{approval: {version: $version, digest: $digest, approvedBy: $by, notBefore: (if $from == "" then null else $from end)}}'
}

# approves NAME [NOT-BEFORE]: the DBA does.
approves() { patch_as dba "$1" "$(approval "$1" "$(user dba)" "${2:-}")" > "$ACCOUNTS/said" || fail "$(< "$ACCOUNTS/said")"; }

# refuses ACCOUNT NAME PATCH: whether the policy would.
refuses() {
  local said
  if said=$(patch_as "$1" "$2" "$3" --dry-run=server); then return 1; fi
  echo "$said"
  [[ $said == *"$(policy_name tunetrail-approvals)"*"needs the verb approve"*"$(user "$1") does not have"* ]]
}

both_run_and_go_to_production() {
  local name
  new_databases pg17 "${BOTH[@]}"
  account developer edit
  account dba edit tunetrail-approve
  policy approvals
  {
    for name in "${BOTH[@]}"; do binding "$name" pg17; done
    scripts circleflyway V1__songs.sql="$V1"
    flyway circleflyway staging latest | by_ca circleflyway
    alembic circlealembic soleil:2 staging latest | by_ca circlealembic
  } | apply
  await 120 "Flyway's database is at version 1" is_ready_at circleflyway 1
  await 120 "Alembic's is at its image's revision" is_at_its_head circlealembic pg17
  for name in "${BOTH[@]}"; do
    START[$name]=$(versions "$name")
    MADE[$name]=$(made "$name")
    patch_as developer "$name" '{"environment":"production"}' > /dev/null
  done
}

a_migration_is_committed_and_its_plan_is_seen() {
  local name
  SINCE=$(server_time)
  committed "$V2"
  image_is broken:1
  await 120 "Flyway's migration is planned" says circleflyway AwaitingApproval "2 migrations to version 3"
  expect "$(sql_of circleflyway)" "V2__genre.sql | true | ALTER TABLE songs ADD COLUMN genre text
V3__index.sql | false | CREATE INDEX CONCURRENTLY songs_title ON songs (title)" "its SQL is shown"
  await 120 "Alembic's migration is planned" says circlealembic AwaitingApproval "1 migration to version b1e6d1ccc907"
  expect_match "$(sql_of circlealembic)" 'add_genres.py \| true \| CREATE TABLE genres.*INSERT INTO genres' "its SQL is shown"
  for name in "${BOTH[@]}"; do nothing_ran "$name" "$name is planned"; done
}

who_lacks_the_right_is_refused() {
  local name
  for name in "${BOTH[@]}"; do
    await 60 "the developer may not approve $name" refuses developer "$name" "$(approval "$name" "$(user developer)")"
    expect "$(kc get ttdb "$name" --namespace="$NAMESPACE" --output='jsonpath={.spec.approval}')" "" "the resource has no approval"
  done
}

it_is_approved_for_later() {
  local name
  for name in "${BOTH[@]}"; do
    approves "$name" 2099-01-01T00:00:00Z
    APPROVED[$name]=$(plan_digest "$name")
  done
  for name in "${BOTH[@]}"; do
    await 60 "$name is approved, for later" says "$name" WaitingForWindow 'holds from 2099-01-01T00:00:00Z on'
    nothing_ran "$name" "$name waits"
  done
}

# is_void NAME: the approval is, and something else is planned.
is_void() {
  says "$1" ApprovalStale "the content of what would run is another one .*approved ${APPROVED[$1]}, planned sha256:" &&
    [[ $(plan_digest "$1") != "${APPROVED[$1]}" ]] && keep_plan "$1" &&
    [[ $(jq --raw-output .digest "$PLANS/$1.json") == "$(plan_digest "$1")" ]]
}

fault_44_an_edit_voids_the_approval() {
  local name
  committed "$V2_EDITED"
  image_is broken:2
  for name in "${BOTH[@]}"; do
    await 120 "fault_44: the edit voids the approval of $name, and is planned" is_void "$name"
    nothing_ran "$name" "$name is void"
  done
  expect_match "$(jq --raw-output '.statements[].sql' "$PLANS/circleflyway.json")" 'varchar\(40\)' "the new plan shows the edited script"
  expect_match "$(jq --raw-output '.statements[].sql' "$PLANS/circlealembic.json")" rock "the new plan shows the edited revision"
}

approved_again_it_runs() {
  local name
  for name in "${BOTH[@]}"; do approves "$name"; done
  await 120 "Flyway's database is at version 3" is_ready_at circleflyway 3
  await 120 "Alembic's is at the newest revision" is_at_its_head circlealembic pg17
  for name in "${BOTH[@]}"; do
    expect "$(versions "$name")/$(status "$NAMESPACE" "$name" .migrationVersion)" "${AIM[$name]}/${AIM[$name]}" \
      "$name: status and PostgreSQL have the version that was approved"
    expect "$(psql_as_admin pg17 "$name" 'SELECT approved_by, outcome FROM tunetrail.history ORDER BY id DESC LIMIT 1')" \
      "$(user dba)|Done" "$name: tunetrail.history names the DBA"
  done
  expect "$(made circleflyway)" "character varying(40) songs_title" "psql finds what the edited script made"
  expect "$(psql_as_admin pg17 circlealembic "SELECT string_agg(name, ' ' ORDER BY name) FROM genres")" "blues jazz rock" \
    "psql finds what the edited revision made"
}

# has_drifted NAME
has_drifted() {
  echo "$(condition "$NAMESPACE" "$1" Drifted): $(condition_message "$NAMESPACE" "$1" Drifted)"
  condition_is "$NAMESPACE" "$1" Drifted "True SchemaDrifted" &&
    [[ $(condition_message "$NAMESPACE" "$1" Drifted) == *"table public.by_hand added"* ]]
}

a_change_by_hand_is_seen() {
  local name
  for name in "${BOTH[@]}"; do
    await 60 "$name is as the migration left it" condition_is "$NAMESPACE" "$name" Drifted "False AsRecorded"
    psql_as_admin pg17 "$name" 'CREATE TABLE by_hand (id int)'
    patch_as developer "$name" '{"migration":{"retry":"look"}}' > /dev/null
  done
  for name in "${BOTH[@]}"; do
    await 60 "$name: what was changed by hand is named" has_drifted "$name"
    expect "$(status "$NAMESPACE" "$name" '.drift.added')" '["table public.by_hand"]' "$name: the status lists it"
    expect "$(condition "$NAMESPACE" "$name" Ready)" "True UpToDate" "$name: the database is as current as before"
  done
}

declare -A START MADE APPROVED
fresh_namespace
remove_policies
both_run_and_go_to_production
a_migration_is_committed_and_its_plan_is_seen
who_lacks_the_right_is_refused
it_is_approved_for_later
fault_44_an_edit_voids_the_approval
approved_again_it_runs
executed_as_planned "$SINCE" "${BOTH[@]}"
a_change_by_hand_is_seen
