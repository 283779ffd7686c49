#!/bin/bash
# Alembic projects that are not one straight line in the usual place: branches that depend on one another, a branch alone,
# a version table of another name and schema; and images that hold something else than they did when they were read.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

USERS=ebdde5263aa5
SONGS=94e966246223
PLAYS=0f5d1c7a8e32 # a branch of its own that depends on USERS

# tables_of DATABASE: of its users, in every schema.
tables_of() {
  psql_as_admin pg17 "$1" "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'tunetrail')"
}

uid() { kc get ttdb "$1" --namespace="$NAMESPACE" --output='jsonpath={.metadata.uid}'; }

# jobs_for NAME TASK: how many there are.
jobs_for() {
  kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=$2" --output=name | wc -l
}

a_revision_that_another_branch_depends_on_is_there_without_a_row() {
  { binding depends pg17; alembic depends dependent:1 staging heads 'migration: {rollback: Undo}'; } | apply
  await 120 "all heads are the target, one has no row" is_ready_at depends "$PLAYS"
  expect "$(revision pg17 depends)/$(tables_of depends)" "$PLAYS/alembic_version plays users" "psql finds one row, and both tables"
  change depends "{\"targetVersion\":\"$USERS\"}"
  await 60 "the revision that it depends on is there too" is_ready_at depends "$PLAYS"
  expect "$(status "$NAMESPACE" depends .targetVersion)/$(jobs_for depends undo)" "$USERS/0" "nothing is taken back for it"
  expect "$(tables_of depends)" 'alembic_version plays users' "psql finds both tables still"
}

going_back_takes_what_builds_on_the_target_and_leaves_what_depends_on_it() {
  local before
  change depends '{"schema":{"alembic":{"image":"localhost/app/dependent:2"}},"targetVersion":"heads"}'
  await 120 "each branch has its row" is_ready_at depends "$PLAYS,$SONGS"
  before=$(catalog pg17 depends)
  change depends "{\"targetVersion\":\"$USERS\"}"
  await 120 "one branch goes back" is_ready_at depends "$PLAYS"
  expect "$(revision pg17 depends)/$(tables_of depends)" "$PLAYS/alembic_version plays users" "psql finds the other as it was"
  change depends '{"targetVersion":"base"}'
  await 120 "base takes back all" is_ready_at depends -
  expect "$(tables_of depends)" alembic_version "psql finds no table of either"
  change depends '{"targetVersion":"heads"}'
  await 120 "it goes forward again" is_ready_at depends "$PLAYS,$SONGS"
  expect "$(catalog pg17 depends)" "$before" "the catalog is the one it had"
}

latest_is_the_head_of_the_branch_that_the_spec_names() {
  { binding branch pg17; ALEMBIC='branch: plays' alembic branch dependent:2 staging latest; } | apply
  await 120 "the branch's head is reached" is_ready_at branch "$PLAYS"
  expect "$(revision pg17 branch)/$(tables_of branch)" "$PLAYS/alembic_version plays users" \
    "psql finds what the branch needs, and nothing of another"
  change branch '{"schema":{"alembic":{"branch":"songs"}}}'
  await 60 "a branch that the image does not have is told" says branch UnknownRevision 'no revision or branch songs'
  change branch '{"schema":{"alembic":{"branch":null}}}'
  await 60 "without the branch both heads are named" says branch MultipleHeads "$PLAYS.*$SONGS|$SONGS.*$PLAYS"
}

a_version_table_may_have_another_name_and_schema() {
  psql_as_admin pg17 elsewhere 'CREATE SCHEMA bookkeeping AUTHORIZATION elsewhere'
  {
    binding elsewhere pg17
    ALEMBIC='versionTable: Revision of songs, versionTableSchema: bookkeeping' alembic elsewhere elsewhere:1 staging latest
  } | apply
  await 120 "it is migrated" is_ready_at elsewhere "$SONGS"
  expect "$(psql_as_admin pg17 elsewhere 'SELECT version_num FROM bookkeeping."Revision of songs"')" "$SONGS" "psql finds the revision there"
  expect "$(tables_of elsewhere)/$(status "$NAMESPACE" elsewhere .tableCount)" 'Revision of songs songs users/2' \
    "there is no second version table, and none is counted"
  change elsewhere "{\"targetVersion\":\"$USERS\",\"migration\":{\"rollback\":\"Undo\"}}"
  await 120 "it goes back" is_ready_at elsewhere "$USERS"
  expect "$(psql_as_admin pg17 elsewhere 'SELECT version_num FROM bookkeeping."Revision of songs"')" "$USERS" "psql finds the revision it went back to"
}

# put_under_the_tag FOLDER...: localhost/app/moved:1 is from now on what these folders make.
put_under_the_tag() { "$E2E/load" "$(archive_of moved:1 "$*")"; }

archive_of() (
  for part in cluster.d/settings cluster.d/cgroup cluster.d/binaries \
    image.d/debian image.d/base image.d/python image.d/applications; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  LAYERS=$CACHE/layers
  application "$@"
)

kept() {
  kc get configmaps --namespace="$NAMESPACE" --selector="tunetrail.io/resource-uid=$(uid moved)" \
    --output='jsonpath={range .items[*]}{.metadata.name} {.data.imageID}{"\n"}{end}'
}

forget() { kc delete configmaps --namespace="$NAMESPACE" --selector="tunetrail.io/resource-uid=$(uid moved)" > /dev/null; }

a_tag_that_was_moved_is_found_out_by_the_job_and_heals() {
  local before
  put_under_the_tag soleil/1
  { binding moved pg17; alembic moved moved:1 staging base; } | apply
  await 90 "the image's revisions are read" is_ready_at moved -
  before=$(kept)
  put_under_the_tag soleil/1 soleil/2
  change moved '{"targetVersion":"latest"}'
  await 150 "nobody retries anything, and it is at the new content's head" is_ready_at moved "$SONGS"
  expect "$(revision pg17 moved)/$(psql_as_admin pg17 moved "SELECT count(*) FROM tunetrail.history WHERE outcome = 'Done'")" "$SONGS/1" \
    "psql finds it reached by one work"
  expect_match "$(kc get events --namespace="$NAMESPACE" --output='jsonpath={range .items[*]}{.reason} {.message}{"\n"}{end}')" \
    'InputsChanged the image holds other revisions' "an event says why it was read again"
  expect "$(kept | wc -l)" 1 "what it held before is kept no longer"
  [[ $(kept) != "$before" ]] || fail "kept as before: $before"
}

fault_11_what_is_kept_and_deleted_by_hand_is_read_from_the_image_anew() {
  put_under_the_tag soleil/1
  forget
  look_at_moved
  await 90 "fault_11: the image is asked, not an old log" says moved UnknownRevision "$SONGS, which the image does not have"
  put_under_the_tag soleil/1 soleil/2
  forget
  look_at_moved
  await 90 "asked again, it knows the database's revision" is_ready_at moved "$SONGS"
}

# look_at_moved: at once, by an edit that changes nothing of what runs.
look_at_moved() { change moved "{\"migration\":{\"deadline\":\"$((3600 + SECONDS))s\"}}"; }

production_never_runs_what_a_moved_tag_brought_in() {
  put_under_the_tag soleil/1
  {
    binding gatedbranch pg17
    alembic gatedbranch moved:1 production latest 'migration: {approval: Version}' | sed 's/{secretRef: {name: gatedbranch}}/{secretRef: {name: gatedbranch}, caRef: {configMap: {name: pg-ca}}}/'
  } | apply
  await 90 "production waits" says gatedbranch AwaitingApproval "1 migration to version $USERS"
  put_under_the_tag soleil/1 soleil/2
  change gatedbranch "{\"approval\":{\"version\":\"$USERS\",\"approvedBy\":\"ada\"}}"
  await 120 "fault_44: what it holds now is told, and is not what was approved" says gatedbranch AwaitingApproval \
    "the approval is for version $USERS, the target is $SONGS; 2 migrations to version $SONGS"
  expect "$(psql_as_admin pg17 gatedbranch "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0 "nothing has run"
  change gatedbranch "{\"approval\":{\"version\":\"$SONGS\",\"approvedBy\":\"ada\"}}"
  await 120 "approved, it is migrated" is_ready_at gatedbranch "$SONGS"
}

fresh_namespace
new_databases pg17 depends branch elsewhere moved gatedbranch
a_revision_that_another_branch_depends_on_is_there_without_a_row
going_back_takes_what_builds_on_the_target_and_leaves_what_depends_on_it
latest_is_the_head_of_the_branch_that_the_spec_names
a_version_table_may_have_another_name_and_schema
a_tag_that_was_moved_is_found_out_by_the_job_and_heals
fault_11_what_is_kept_and_deleted_by_hand_is_read_from_the_image_anew
production_never_runs_what_a_moved_tag_brought_in
