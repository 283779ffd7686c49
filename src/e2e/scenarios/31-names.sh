#!/bin/bash
# A Job counts for the resource that owns it by UID, never for its name.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

given() {
  new_databases pg17 "$1"
  {
    binding "$1" pg17
    scripts "$1" V1__songs.sql='CREATE TABLE songs ();'
    flyway "$1" staging latest
  } | apply
  await 90 "$1 is ready" is_ready_at "$1" 1
}

fault_10_a_resource_of_the_same_name_is_another_one() {
  local old
  given reborn
  old=$(jobs reborn)
  kc delete ttdb reborn --namespace="$NAMESPACE" --cascade=orphan > /dev/null
  expect "$(jobs reborn)" "$old" "the old resource is gone and its Job left behind"
  given reborn
  expect "$(jobs reborn | wc -l)/$(works pg17 reborn)/$(tables pg17 reborn)" 2/1/1 "a Job of its own did the work"
  expect "$(status "$NAMESPACE" reborn .lastMigration.job)" "$(jobs reborn | tail -n 1 | cut -d' ' -f1)" "and only that one counts"
  agrees reborn pg17
}

# The name is known from a first run; undoing that by hand makes the operator want the very same name again.
fault_15_a_foreign_job_has_our_name() {
  local job uid
  given wanted
  job=$(jobs wanted | cut -d' ' -f1)
  kc delete job "$job" --namespace="$NAMESPACE" --wait > /dev/null
  foreign_job "$job" | apply
  uid=$(kc get job "$job" --namespace="$NAMESPACE" --output='jsonpath={.metadata.uid}')
  psql_as_admin pg17 wanted 'DROP TABLE songs; DELETE FROM flyway_schema_history'
  look_again wanted
  await 90 "the foreign Job is named" says wanted NameConflict "$job.*not ours.*delete the foreign object"
  expect "$(kc get job "$job" --namespace="$NAMESPACE" --output='jsonpath={.metadata.uid} {.spec.suspend}')" "$uid true" \
    "the foreign Job is as it was"
  kc delete job "$job" --namespace="$NAMESPACE" --wait > /dev/null
  await 90 "once it is gone the migration runs" is_ready_at wanted 1
  agrees wanted pg17
}

foreign_job() {
  cat << YAML
apiVersion: batch/v1
kind: Job
metadata: {name: $1}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: foreign
        image: localhost/postgres:17
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
}

fresh_namespace
fault_10_a_resource_of_the_same_name_is_another_one
fault_15_a_foreign_job_has_our_name
