#!/bin/bash
# What people take away from the operator: its rights, its Jobs, the ConfigMaps that it keeps. It says so or makes it anew, and
# no migration runs twice.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
FULL_ROLE=$(kc get clusterrole tunetrail-operator --output=json |
  jq 'del(.metadata.resourceVersion, .metadata.uid, .metadata.managedFields)')

# given NAME SQL: Secret, script and resource of that name.
given() {
  binding "$1" pg17
  scripts "$1" V1__songs.sql="$2"
  flyway "$1" staging latest
}

slow() { given "$1" "$SONGS SELECT pg_sleep($2);"; }

works_now() { is_sleeping pg17 "%$1%"; }

# once NAME: Flyway's own history has the version once, whatever was tried before.
once() {
  local rows
  rows=$(psql_as_admin pg17 "$1" "SELECT count(*) FROM flyway_schema_history WHERE version = '1' AND success")
  expect "$rows/$(tables pg17 "$1")" 1/1 "$1: Flyway's history has the version once, and psql finds its table"
  agrees "$1" pg17
}

# without VERB RESOURCE: the operator's role but for that verb on that resource, and but for the logs of pods.
without() {
  jq --arg verb "$1" --arg resource "$2" '.rules |= map(
    (if any(.resources[]; . == $resource) then .verbs -= [$verb] else . end) |
    select(.verbs != [] and .resources != ["pods/log"]))' \
    <<< "$FULL_ROLE" | kc replace --filename=- > /dev/null
}
give_the_rights_back() { kc replace --filename=- <<< "$FULL_ROLE" > /dev/null; }

fault_13_a_right_is_missing() {
  trap give_the_rights_back EXIT
  without get configmaps
  given rights "$SONGS" | apply
  alembic told soleil:1 staging latest | { binding told pg17; cat; } | apply
  await 60 "get on ConfigMaps" says rights RightMissing "may not get configmaps in namespace $NAMESPACE\..*Grant that verb"
  without get secrets
  await 60 "get on Secrets" says rights RightMissing "may not get secrets in namespace $NAMESPACE"
  without create jobs
  await 60 "create on Jobs" says rights RightMissing "may not create jobs.batch in namespace $NAMESPACE"
  expect "$(jobs rights)" "" "nothing ran"
  without use logs
  await 90 "once it is granted the migration runs by itself" is_ready_at rights 1
  await 90 "get on a pod's log" says told RightMissing "may not get pods/log in namespace $NAMESPACE"
  give_the_rights_back
  trap - EXIT
  await 120 "with all rights the image tells its revisions, and they run" is_at_its_head told pg17
  agrees rights pg17
}

fault_11_what_is_ours_is_deleted_or_edited_by_hand() {
  local job kept
  slow deleted 10 | apply
  await 90 "a migration works" works_now deleted
  kc delete job "$(jobs deleted | cut -d' ' -f1)" --namespace="$NAMESPACE" > /dev/null
  slow stopped 10 | apply
  await 90 "another migration works" works_now stopped
  job=$(jobs stopped | cut -d' ' -f1)
  kc patch job "$job" --namespace="$NAMESPACE" --type=merge --patch='{"spec":{"suspend":true}}' > /dev/null
  await 60 "a Job that somebody suspended is told" says stopped JobSuspended "$job.*set suspend to false"
  kc patch job "$job" --namespace="$NAMESPACE" --type=merge --patch='{"spec":{"suspend":false}}' > /dev/null
  await 120 "a deleted Job is made anew" is_ready_at deleted 1
  await 120 "a resumed Job goes on" is_ready_at stopped 1
  for name in deleted stopped; do once "$name"; done
  kept=$(kept_revisions told)
  if kc patch "$kept" --namespace="$NAMESPACE" --type=merge --patch='{"data":null}' > /dev/null 2>&1; then
    fail "the ConfigMap that keeps an image's revisions can be edited"
  fi
  kc delete "$kept" --namespace="$NAMESPACE" > /dev/null
  await 90 "the ConfigMap with the image's revisions is made anew" is_kept told
  await 60 "and the resource is ready" is_at_its_head told pg17
  expect "$(works pg17 told)" 1 "its migration is not run a second time"
}
kept_revisions() {
  kc get configmaps --namespace="$NAMESPACE" --output=name \
    --selector="tunetrail.io/resource-uid=$(kc get ttdb "$1" --namespace="$NAMESPACE" --output='jsonpath={.metadata.uid}')"
}
is_kept() { [[ -n $(kept_revisions "$1") ]]; }

fault_33_the_job_is_removed_before_it_is_seen() {
  local job
  slow removed 15 | apply
  await 90 "a migration works" works_now removed
  job=$(jobs removed | cut -d' ' -f1)
  stop_operator
  kc wait "job/$job" --namespace="$NAMESPACE" --for=condition=Complete --timeout=180s > /dev/null
  kc delete job "$job" --namespace="$NAMESPACE" > /dev/null
  start_operator
  await 60 "the database tells that it is done" is_ready_at removed 1
  expect "$(jobs removed)" "" "no other Job was made"
  once removed
}

fresh_namespace
new_databases pg17 rights told deleted stopped removed
fault_13_a_right_is_missing
fault_11_what_is_ours_is_deleted_or_edited_by_hand
fault_33_the_job_is_removed_before_it_is_seen
