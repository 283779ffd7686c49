#!/bin/bash
# Deleting a resource or its namespace takes its Jobs along, never the database, and nothing stands in its way.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

OTHER=$NAMESPACE-other

has_no_jobs() { [[ -z $(jobs "$1") ]]; }

is_gone() { ! kc get "$@" > /dev/null 2>&1; }

# given NAME SQL
given() {
  binding "$1" pg15
  scripts "$1" V1__songs.sql="$2"
  flyway "$1" staging latest
}

namespaces_do_not_meet() {
  new_databases pg15 song other
  given song 'CREATE TABLE songs ();' | apply
  given other 'CREATE TABLE others (); CREATE TABLE more ();' | sed 's/{name: other\([,}]\)/{name: song\1/g' | NAMESPACE=$OTHER apply
  await 90 "a resource is ready" is_ready_at song 1
  NAMESPACE=$OTHER await 90 "one of the same name in another namespace too" is_ready_at song 1
  agrees song pg15
  NAMESPACE=$OTHER agrees song pg15 other
}

a_resource_takes_its_jobs_along_and_leaves_the_database() {
  kc delete ttdb song --namespace="$NAMESPACE" > /dev/null
  await 30 "its Jobs are collected" has_no_jobs song
  expect "$(tables pg15 song)/$(version pg15 song)" 1/1 "the database is as it was"
  NAMESPACE=$OTHER expect "$(condition "$OTHER" song Ready)" "True UpToDate" "the other namespace's resource is untouched"
}

fault_09_deleted_while_the_secret_is_missing() {
  flyway lonely staging latest | apply
  await 90 "a resource without its Secret or ConfigMap waits" says lonely ConfigMapMissing
  kc delete ttdb lonely --namespace="$NAMESPACE" --timeout=5s > /dev/null
  await 1 "it is deleted at once" is_gone ttdb lonely --namespace="$NAMESPACE"
}

fault_09_deleted_while_postgres_is_missing() {
  {
    binding bereft pg15 host=nowhere.databases
    scripts bereft V1__songs.sql='CREATE TABLE songs ();'
    flyway bereft staging latest
  } | apply
  await 90 "a resource without its PostgreSQL waits" says bereft DatabaseUnreachable 'nowhere.databases'
  kc delete ttdb bereft --namespace="$NAMESPACE" --timeout=5s > /dev/null
  await 1 "it too is deleted at once" is_gone ttdb bereft --namespace="$NAMESPACE"
}

fault_08_namespace_deleted_mid_migration() {
  local started
  new_databases pg15 doomed
  given doomed 'CREATE TABLE songs (); SELECT pg_sleep(30);' | NAMESPACE=$OTHER apply
  await 90 "a migration works" is_sleeping pg15 '%doomed%'
  started=$SECONDS
  kc delete namespace "$OTHER" --timeout=180s > /dev/null
  pass "its namespace is gone after $((SECONDS - started)) s"
  expect "$(tables pg15 other)/$(version pg15 other)" 2/1 "a database of that namespace is as it was"
  expect "$(tables pg15 doomed)" 0 "the migration that was cut off left nothing behind"
}

fresh_namespace
NAMESPACE=$OTHER fresh_namespace
namespaces_do_not_meet
a_resource_takes_its_jobs_along_and_leaves_the_database
fault_09_deleted_while_the_secret_is_missing
fault_09_deleted_while_postgres_is_missing
fault_08_namespace_deleted_mid_migration
