#!/bin/bash
# What Kubernetes and PostgreSQL do to a Job: its pod is refused, evicted or killed, its image is missing, no connection slot is
# left. Each fault has its reason, and the work is done once it is over. They happen at the same time, each to its own database.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
QUOTA=$NAMESPACE-quota
LIMITS=$NAMESPACE-limits
LONG=$(printf 'karaoke%.0s' {1..9})
LONGER=$(printf 'karaoke.%.0s' {1..24})karaoke

# given NAME [LINE...]: Secret, script and resource of that name; each LINE adds to its spec.
given() {
  binding "$1" pg17
  scripts "$1" V1__songs.sql="$SONGS"
  flyway "$1" staging latest "${@:2}"
}

# slow NAME SECONDS: the same, whose script takes so long.
slow() {
  binding "$1" pg17
  scripts "$1" V1__songs.sql="$SONGS SELECT pg_sleep($2);"
  flyway "$1" staging latest
}

# program NAME IMAGE [LINE...]: community, by a program of an image.
program() {
  binding "$1" pg17
  {
    printf 'edition: community\nenvironment: development\nconnection: {secretRef: {name: %s}}\n' "$1"
    printf 'schema: {createAll: {program: {image: "localhost/app/%s", workingDirectory: /app, ' "$2"
    printf 'command: [python, -m, database_init], urls: [{variable: DATABASE_URL, driver: asyncpg}]}}}\n'
    printf '%s\n' "${@:3}"
  } | resource "$1"
}

# once NAME: Flyway's own history has the version once, whatever was tried before.
once() {
  local rows
  rows=$(psql_as_admin pg17 "$1" "SELECT count(*) FROM flyway_schema_history WHERE version = '1' AND success")
  expect "$rows/$(tables pg17 "$1")" 1/1 "$1: Flyway's history has the version once, and psql finds its table"
}

works_now() { is_sleeping pg17 "%$1%"; }

has_jobs() { jobs "$1" | tee /dev/stderr | (($(wc -l) >= $2)); }

fault_22_no_connection_slot_is_left() {
  psql_as_admin pg17 postgres 'ALTER ROLE slots CONNECTION LIMIT 0'
  since=$(date --utc +%FT%TZ)
  given slots | apply
}
fault_22_is_told() { await 60 "no slot is left" says slots TooManyConnections 'Free connections or raise max_connections'; }
fault_22_is_lifted() {
  local tries elapsed=$(($(date +%s) - $(date --date="$since" +%s)))
  tries=$(kc logs deployment/pg17 --namespace=databases --container=postgres --since-time="$since" |
    grep -c 'too many connections for role "slots"')
  ((tries > 1 && tries <= 2 + elapsed / 2)) || fail "$tries tries in $elapsed s are a storm, or none at all"
  pass "$tries tries in $elapsed s are no storm"
  expect "$(jobs slots)" "" "and no Job was started for it"
  psql_as_admin pg17 postgres 'ALTER ROLE slots CONNECTION LIMIT -1'
}
fault_22_is_over() {
  await 90 "with slots again it is migrated by itself" is_ready_at slots 1
  once slots
}

fault_12_the_pod_is_refused() {
  kc create quota small --hard=pods=0 --namespace="$QUOTA" > /dev/null
  kc apply --namespace="$LIMITS" --filename=- > /dev/null << 'YAML'
apiVersion: v1
kind: LimitRange
metadata: {name: large}
spec: {limits: [{type: Container, min: {memory: 1Gi}}]}
YAML
  given beyond-quota | NAMESPACE=$QUOTA apply
  given beyond-limits | NAMESPACE=$LIMITS apply
  given as-root 'jobTemplate: {securityContext: {runAsUser: 0, runAsNonRoot: false}}' | apply
}
fault_12_is_told() {
  NAMESPACE=$QUOTA await 90 "a quota is named" says beyond-quota PodRefused 'exceeded quota: small.*Mend what'
  NAMESPACE=$LIMITS await 90 "a LimitRange is named" says beyond-limits PodRefused 'minimum memory usage per Container is 1Gi'
  await 90 "a Pod Security level is named" says as-root PodRefused 'violates PodSecurity "restricted.*runAsUser=0'
}
fault_12_is_lifted() {
  kc delete quota small --namespace="$QUOTA" > /dev/null
  kc delete limitrange large --namespace="$LIMITS" > /dev/null
  change as-root '{"jobTemplate":{"securityContext":{"runAsUser":1000,"runAsNonRoot":true}}}'
}
fault_12_is_over() {
  NAMESPACE=$QUOTA await 120 "the same Job gets its pod once the quota is gone" is_ready_at beyond-quota 1
  NAMESPACE=$LIMITS await 120 "and once the LimitRange is gone" is_ready_at beyond-limits 1
  await 120 "a corrected jobTemplate replaces the Job that had no pod" is_ready_at as-root 1
  expect "$(NAMESPACE=$QUOTA jobs beyond-quota | wc -l)" 1 "no second Job was made"
  for name in beyond-quota beyond-limits as-root; do once "$name"; done
}

fault_28_the_pod_is_killed() {
  given out-of-memory 'jobTemplate: {resources: {limits: {memory: 32Mi}}}' | apply
  slow evicted 15 | apply
}
fault_28_is_told() {
  local pod
  await 90 "the migration works" works_now evicted
  pod=$(kc get pods --namespace="$NAMESPACE" --selector=tunetrail.io/database=evicted --output=name)
  pod=${pod#pod/}
  evict "$pod"
  await 90 "what ran out of memory is told" says out-of-memory JobLost 'exit code 137.*OOMKilled'
  await 60 "and tried again" has_jobs out-of-memory 2
}
evict() {
  printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"}}' "$1" "$NAMESPACE" |
    kc create --raw="/api/v1/namespaces/$NAMESPACE/pods/$1/eviction" --filename=- > /dev/null
}
fault_28_is_lifted() { change out-of-memory '{"jobTemplate":{"resources":{"limits":{"memory":"256Mi"}}}}'; }
fault_28_is_over() {
  await 120 "with more memory it is migrated" is_ready_at out-of-memory 1
  await 120 "after an eviction it is tried again by itself" is_ready_at evicted 1
  expect "$(jobs evicted | wc -l)" 2 "by a second Job"
  for name in out-of-memory evicted; do once "$name"; done
}

fault_29_the_program_never_starts() {
  program no-image nowhere:1 | apply
  program crashing tunetrail:1 'jobTemplate: {env: [{name: JAVA_TOOL_OPTIONS, value: "-XX:+NoSuchOption"}]}' | apply
}
fault_29_is_told() {
  await 90 "a missing image is named, not the guard's" says no-image ImagePullFailed "localhost/app/nowhere:1.*Correct the image"
  await 90 "a guard that crashes before it starts is told" says crashing PodNotStarted 'container guard: .*exit code 1'
}
fault_29_is_lifted() {
  change no-image '{"schema":{"createAll":{"program":{"image":"localhost/app/tunetrail:1"}}}}'
  change crashing '{"jobTemplate":null}'
}
fault_29_is_over() {
  local name
  for name in no-image crashing; do
    await 120 "$name runs once the spec is corrected, long before the old Job's deadline" is_ready "$NAMESPACE" "$name"
    expect "$(status "$NAMESPACE" "$name" .tableCount)" "$(tables pg17 "$name")" "$name has the tables that psql counts"
  done
}

fault_39_a_long_name() {
  local name
  for name in "$LONG" "$LONGER"; do
    scripts "$name" V1__songs.sql="$SONGS"
    flyway "$name" staging latest
  done | apply
  binding "$LONG" pg17 database=long username=long | apply
  binding "$LONGER" pg17 database=longer username=longer | apply
}
fault_39_is_over() {
  local name job
  expect "${#LONG}/${#LONGER}" 63/199 "names of 63 and 199 characters"
  for name in "$LONG" "$LONGER"; do await 120 "${#name} characters are no obstacle" is_ready_at "$name" 1; done
  for job in $(kc get jobs --namespace="$NAMESPACE" --output='jsonpath={.items[*].metadata.name}'); do
    ((${#job} <= 63)) || fail "a Job's name is too long: $job"
  done
  agrees "$LONG" pg17 long
  agrees "$LONGER" pg17 longer
}

fresh_namespace
NAMESPACE=$QUOTA fresh_namespace
NAMESPACE=$LIMITS fresh_namespace
new_databases pg17 slots beyond-quota beyond-limits as-root out-of-memory evicted no-image crashing long longer
fault_22_no_connection_slot_is_left
fault_12_the_pod_is_refused
fault_28_the_pod_is_killed
fault_29_the_program_never_starts
fault_39_a_long_name
for fault in 28 22 12 29; do "fault_${fault}_is_told"; done
for fault in 22 12 28 29; do "fault_${fault}_is_lifted"; done
for fault in 22 12 28 29 39; do "fault_${fault}_is_over"; done
kc delete namespace "$QUOTA" "$LIMITS" --wait=false > /dev/null
