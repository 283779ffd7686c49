#!/bin/bash
# An operator that dies, or whose cache shows nothing, neither loses a Job nor makes a second one.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

IMAGE=localhost/tunetrail/operator

# slow NAME SECONDS: a resource whose only script takes so long, on a new database.
slow() {
  new_databases pg15 "$1"
  {
    binding "$1" pg15
    scripts "$1" V1__slow.sql="CREATE TABLE slow (); SELECT pg_sleep($2);"
    flyway "$1" staging latest
  } | apply
}

works_now() { is_sleeping pg15 "%$1%"; }

one_job_did_it() {
  local name=$1
  expect "$(jobs "$name" | wc -l)/$(works pg15 "$name")/$(tables pg15 "$name")" 1/1/1 \
    "$name: one Job, one work in tunetrail.history, one table"
  agrees "$name" pg15
}

fault_01_killed_between_creating_the_job_and_writing_the_status() {
  local before
  slow killed 8
  await 90 "the Job works" works_now killed
  before=$(jobs killed)
  stop_operator
  kc patch ttdb killed --namespace="$NAMESPACE" --subresource=status --type=merge --patch='{"status":null}' > /dev/null
  expect "$(kc get ttdb killed --namespace="$NAMESPACE" --output='jsonpath={.status}')" '{"observedGeneration":-1}' \
    "the status was never written, and kstatus is told so"
  start_operator
  await 90 "the new operator says that it is ready" is_ready_at killed 1
  expect "$(jobs killed)" "$before" "it adopted the same Job"
  one_job_did_it killed
}

# Force-deleted at different moments after the resource appears, so that some fall between deciding and creating.
fault_02_killed_after_deciding_before_creating() {
  local moment
  for moment in 0 0.2 0.5 1; do
    slow "killed-${moment/./}" 1
    sleep "$moment"
    kc delete pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
      --force --grace-period=0 > /dev/null 2>&1
  done
  await_operator
  for moment in 0 02 05 1; do
    await 90 "killed-$moment is ready" is_ready_at "killed-$moment" 1
    one_job_did_it "killed-$moment"
  done
}

# Without its labels neither the cache nor a live list has the Job; only its name is left, and its owner's UID.
fault_04_a_stale_cache_shows_no_job() {
  local job
  slow unseen 8
  await 90 "the Job works" works_now unseen
  job=$(jobs unseen)
  kc label job "${job% *}" --namespace="$NAMESPACE" tunetrail.io/resource-uid- app.kubernetes.io/managed-by- > /dev/null
  look_again unseen
  await 90 "the resource is ready" is_ready_at unseen 1
  expect "$(jobs unseen)" "$job" "the Job was recognised by its owner's UID"
  one_job_did_it unseen
}

# image_is TAG: the operator's, and what it gives to new Jobs.
image_is() {
  kc patch deployment tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --patch="{\"spec\":{\"template\":{\"spec\":{\"containers\":[
    {\"name\":\"operator\",\"image\":\"$IMAGE:$1\",\"env\":[{\"name\":\"OPERATOR_IMAGE\",\"value\":\"$IMAGE:$1\"}]}]}}}}" > /dev/null
  await_operator
}

# The same program under another tag, for there is no other release yet; to Kubernetes it is another image.
another_image() {
  local archive
  archive=$(mktemp --suffix=.tar)
  "$E2E/oci-archive" rename "${OUT:-$ROOT/target/image.tar}" "$IMAGE:next" "$archive"
  "$E2E/load" "$archive"
  rm "$archive"
}

images_of_jobs() {
  kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1" --sort-by=.metadata.creationTimestamp \
    --output='jsonpath={.items[*].spec.template.spec.containers[0].image}'
}

# A script that works until it is let go.
a_script_is_held_up() {
  new_databases pg15 upgraded
  hold pg15 upgraded 'SELECT'
  {
    binding upgraded pg15
    scripts upgraded V1__slow.sql="CREATE TABLE slow (); $(until_let_go upgraded)"
    flyway upgraded staging latest
  } | apply
}

script_waits() { is_sleeping pg15 'tunetrail/upgraded-%'; }

fault_14_upgraded_while_a_job_works() {
  local before
  another_image
  a_script_is_held_up
  await 90 "the Job works" script_waits
  before=$(jobs upgraded)
  trap 'image_is dev' EXIT
  image_is next
  await 5 "the Job outlives the operator that made it" script_waits
  let_go pg15 upgraded
  await 90 "the upgraded operator says that it is ready" is_ready_at upgraded 1
  expect "$(jobs upgraded)" "$before" "it made no Job of its own"
  one_job_did_it upgraded
  scripts upgraded V1__slow.sql="$(kc get configmap upgraded --namespace="$NAMESPACE" --output='jsonpath={.data.V1__slow\.sql}')" \
    V2__next.sql='CREATE TABLE next ();' | apply
  await 90 "what comes next is migrated" is_ready_at upgraded 2
  expect "$(images_of_jobs upgraded)" "$IMAGE:dev $IMAGE:next" "by a Job of the image that the operator has now"
  image_is dev
}

fresh_namespace
fault_01_killed_between_creating_the_job_and_writing_the_status
fault_02_killed_after_deciding_before_creating
fault_04_a_stale_cache_shows_no_job
fault_14_upgraded_while_a_job_works
