#!/bin/bash
# What Kubernetes and PostgreSQL do to the operator and its Jobs: the API server has too much to do, is in conflict or can't ask
# a webhook, a pod is refused, evicted or killed, an image is missing, no connection slot is left. Each fault has its reason, and
# the work is done once it is over. They happen at the same time, each to its own database.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
QUOTA=$NAMESPACE-quota
LIMITS=$NAMESPACE-limits
STORM=$NAMESPACE-storm
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

# api_counts PATTERN: the sum of those of the API server's counters whose line matches.
api_counts() { kc get --raw /metrics | awk -v pattern="$1" '$0 ~ pattern {sum += $NF} END {printf "%d\n", sum}'; }

has_counted() { api_counts "$1" | tee /dev/stderr | (($(cat) >= $2)); }

# For those that ask more often than kubectl can be started.
open_a_way_to_the_api_server() {
  kubectl --kubeconfig="$E2E_KUBECONFIG" proxy --port=0 > "$folder/proxy" &
  helpers+=($!)
  await 10 "a way to the API server is open" grep -q 'Starting to serve' "$folder/proxy"
  api_port=$(sed -n 's/^Starting to serve on .*://p' "$folder/proxy")
}

# Somebody changes the resource all the time, so that a status is computed from one that is no longer there.
fault_06_the_status_is_in_conflict() {
  edit_all_the_time "$api_port" "/apis/tunetrail.io/v1alpha1/namespaces/$NAMESPACE/tunetraildatabases/contended" &
  editor=$!
  helpers+=("$editor")
  conflicts_before=$(api_counts "$CONFLICTS")
  given contended | apply
}
CONFLICTS='^apiserver_request_total.code="409",.*resource="tunetraildatabases",.*subresource="status"'
edit_all_the_time() {
  exec python3 - "$@" << 'PYTHON'
import http.client, itertools, json, sys, time

api = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
for number in itertools.count():
    edit = {"metadata": {"annotations": {"example.org/edit": str(number)}}}
    api.request("PATCH", sys.argv[2], json.dumps(edit), {"Content-Type": "application/merge-patch+json"})
    api.getresponse().read()
    time.sleep(0.005)
PYTHON
}
fault_06_is_told() {
  await 60 "the API server refuses a status that was computed from an earlier resource" \
    has_counted "$CONFLICTS" $((conflicts_before + 3))
}
fault_06_is_lifted() {
  kill "$editor"
}
fault_06_is_over() {
  await 90 "the status is written once nobody edits any more" is_ready_at contended 1
  expect "$(condition "$NAMESPACE" contended Reconciling | cut -d' ' -f1)" False "and it is not stuck in Reconciling"
  expect "$(jobs contended | wc -l)/$(works pg17 contended)" 1/1 "one Job has done it"
  once contended
}

# 429: the only place for the operator's requests in one namespace is taken. 500: who must agree to its Jobs there can't be asked.
fault_07_storms_of_429_and_500() {
  kc label namespace "$STORM" "example.org/storm=$STORM" > /dev/null
  kc apply --filename=- > /dev/null << YAML
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: $STORM}
spec:
  type: Limited
  limited: {nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: {type: Reject}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: $STORM}
spec:
  priorityLevelConfiguration: {name: $STORM}
  matchingPrecedence: 100
  rules:
    - subjects: [{kind: ServiceAccount, serviceAccount: {name: tunetrail-operator, namespace: $OPERATOR_NAMESPACE}}]
      resourceRules: [{verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: [$STORM]}]
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: $STORM-occupant}
spec:
  priorityLevelConfiguration: {name: $STORM}
  matchingPrecedence: 100
  rules:
    - subjects: [{kind: User, user: {name: occupant.example.org}}]
      resourceRules: [{verbs: [list], apiGroups: [""], resources: [configmaps], namespaces: [$STORM]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: $STORM}
webhooks:
  - name: storm.example.org
    clientConfig: {service: {name: nobody, namespace: $STORM}}
    rules: [{apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}]
    namespaceSelector: {matchLabels: {example.org/storm: $STORM}}
    failurePolicy: Fail
    sideEffects: None
    admissionReviewVersions: [v1]
    timeoutSeconds: 2
YAML
  kc create rolebinding occupant --clusterrole=view --user=occupant.example.org --namespace="$STORM" > /dev/null
  rejected_before=$(api_counts "$REJECTED_OTHERS")
  take_the_only_place "$api_port" "$STORM" &
  occupant=$!
  helpers+=("$occupant")
  await 30 "the API server has no place for others" has_counted "$REJECTED_OTHERS" $((rejected_before + 5))
  storm_since=$SECONDS
  rejected_before=$(api_counts "$REJECTED")
  given stormy | NAMESPACE=$STORM apply
}
REJECTED="^apiserver_flowcontrol_rejected_requests_total.flow_schema=\"$STORM\""
UNASKED='^apiserver_admission_webhook_rejection_count.*name="storm.example.org"'
REJECTED_OTHERS="^apiserver_flowcontrol_rejected_requests_total.flow_schema=\"$STORM-occupant\""
# The API server lets one in where there is no place at all; a list of what there will be one day is waited for for 3 s.
take_the_only_place() {
  exec python3 - "$@" << 'PYTHON'
import http.client, sys, threading, time

def occupy():
    path = f"/api/v1/namespaces/{sys.argv[2]}/configmaps?resourceVersion=999999999999&resourceVersionMatch=NotOlderThan"
    while True:
        api = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
        api.request("GET", path, headers={"Impersonate-User": "occupant.example.org"})
        api.getresponse().read()
        time.sleep(0.02)

for _ in range(2):
    threading.Thread(target=occupy).start()
PYTHON
}
fault_07_the_first_storm_is_over() {
  local rejected elapsed
  await 60 "the API server answers the operator with 429 again and again" has_counted "$REJECTED" $((rejected_before + 5))
  elapsed=$((SECONDS - storm_since)) rejected=$(($(api_counts "$REJECTED") - rejected_before))
  ((rejected <= 10 + 5 * elapsed)) || fail "$rejected requests in $elapsed s are a storm of our own"
  pass "$rejected requests in $elapsed s are no storm"
  kill "$occupant"
  kc delete flowschema "$STORM" "$STORM-occupant" > /dev/null
  storm_since=$SECONDS unasked_before=$(api_counts "$UNASKED")
}
fault_07_is_told() {
  NAMESPACE=$STORM await 120 "let in, it says that the API server can't ask a webhook" \
    says stormy ApiRefused 'failed calling webhook "storm.example.org".*Mend what the API server names'
  expect "$(NAMESPACE=$STORM jobs stormy)$(tables pg17 stormy)" 0 "and no Job was made"
}
fault_07_is_lifted() {
  local refused elapsed=$((SECONDS - storm_since))
  refused=$(($(api_counts "$UNASKED") - unasked_before))
  ((refused <= 10 + 5 * elapsed)) || fail "$refused requests in $elapsed s are a storm of our own"
  pass "$refused tries in $elapsed s are no storm"
  kc delete validatingwebhookconfiguration "$STORM" > /dev/null
}
fault_07_is_over() {
  NAMESPACE=$STORM await 120 "once the webhook is gone it is migrated by itself" is_ready_at stormy 1
  expect "$(NAMESPACE=$STORM jobs stormy | wc -l)/$(works pg17 stormy)" 1/1 "by one Job, once"
  once stormy
}

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
    flyway "$name" staging latest 'backup: {schedule: "0 3 1 1 *", storage: {persistentVolumeClaim: {claimName: backups}}}'
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
  await 30 "both have a CronJob" has_cron_jobs 2
  for job in $(cron_jobs); do ((${#job} <= 52)) || fail "a CronJob's name is too long: $job"; done
  agrees "$LONG" pg17 long
  agrees "$LONGER" pg17 longer
}
cron_jobs() { kc get cronjobs --namespace="$NAMESPACE" --output='jsonpath={.items[*].metadata.name}'; }
has_cron_jobs() { cron_jobs | tee /dev/stderr | (($(wc -w) == $1)); }

# Of what would trouble others, when a fault has not come to its end.
clean_up() {
  kill "${helpers[@]}" 2> /dev/null || true
  kc delete flowschema "$STORM" "$STORM-occupant" --ignore-not-found > /dev/null
  kc delete prioritylevelconfiguration,validatingwebhookconfiguration "$STORM" --ignore-not-found > /dev/null
  rm -rf "$folder"
}

helpers=()
folder=$(mktemp -d)
trap clean_up EXIT
fresh_namespace
NAMESPACE=$QUOTA fresh_namespace
NAMESPACE=$LIMITS fresh_namespace
NAMESPACE=$STORM fresh_namespace
new_databases pg17 contended stormy slots beyond-quota beyond-limits as-root out-of-memory evicted no-image crashing long longer
operator=$(operator_pods)
open_a_way_to_the_api_server
fault_07_storms_of_429_and_500
fault_06_the_status_is_in_conflict
fault_07_the_first_storm_is_over
fault_06_is_told
fault_06_is_lifted
fault_22_no_connection_slot_is_left
fault_12_the_pod_is_refused
fault_28_the_pod_is_killed
fault_29_the_program_never_starts
fault_39_a_long_name
for fault in 28 22 12 29 07; do "fault_${fault}_is_told"; done
for fault in 22 12 28 29 07; do "fault_${fault}_is_lifted"; done
for fault in 06 22 12 28 29 39 07; do "fault_${fault}_is_over"; done
expect "$(operator_pods)" "$operator" "the operator was never restarted"
kc delete namespace "$QUOTA" "$LIMITS" "$STORM" --wait=false > /dev/null
