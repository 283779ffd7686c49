# What scenarios with databases of their own share, beside lib.sh. The first functions print YAML, for `apply`:
#
#   new_databases pg17 songs bands
#   { binding songs pg17; scripts songs V1__songs.sql='CREATE TABLE songs ()'; flyway songs staging latest; } | apply
#   await 30 "songs is migrated" is_ready_at songs 1
#   agrees songs pg17
#
# Where nothing else is said, one name serves for resource, Secret, ConfigMap, database and role.
# shellcheck shell=bash

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

apply() { kc apply --namespace="$NAMESPACE" --filename=- > /dev/null; }

# new_databases SERVER NAME...: empty, made anew, each owned by the login role of its name with password "secret".
new_databases() {
  local name
  for name in "${@:2}"; do
    cat << SQL
DROP DATABASE IF EXISTS "$name" WITH (FORCE);
SELECT 'CREATE ROLE "$name"' WHERE to_regrole('"$name"') IS NULL \gexec
ALTER ROLE "$name" LOGIN PASSWORD 'secret';
CREATE DATABASE "$name" OWNER "$name";
SQL
  done | psql_script "$1"
}

# psql_script SERVER: runs the standard input as the superuser in database postgres.
psql_script() {
  kc exec --stdin --namespace=databases "deployment/$1" --container=postgres -- env PGOPTIONS="$QUIET" \
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres > /dev/null
}

# binding NAME SERVER [KEY=VALUE...]: a Secret by the Service Binding convention; KEY=VALUE replaces or adds.
binding() {
  local -A keys=([host]=$2.databases [port]=5432 [database]=$1 [username]=$1 [password]=secret)
  local pair key
  for pair in "${@:3}"; do keys[${pair%%=*}]=${pair#*=}; done
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\nstringData:\n' "$1"
  for key in "${!keys[@]}"; do printf "  %s: '%s'\n" "$key" "${keys[$key]}"; done
}

# scripts NAME FILE=SQL...: a ConfigMap whose changes count at once.
scripts() {
  local file
  printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, labels: {tunetrail.io/watch: "true"}}\ndata:\n' "$1"
  for file in "${@:2}"; do
    printf '  %s: |\n' "${file%%=*}"
    sed 's/^/    /' <<< "${file#*=}"
  done
}

# resource NAME: a TuneTrailDatabase whose spec is the standard input.
resource() {
  printf -- '---\napiVersion: tunetrail.io/v1alpha1\nkind: TuneTrailDatabase\nmetadata: {name: %s}\nspec:\n' "$1"
  sed 's/^/  /'
}

# flyway NAME ENVIRONMENT TARGET [LINE...]: a resource that migrates; each LINE adds to its spec.
flyway() {
  {
    printf 'edition: commercial\nenvironment: %s\ntargetVersion: "%s"\n' "$2" "$3"
    printf 'connection: {secretRef: {name: %s}}\nschema: {flyway: {configMaps: [{name: %s}]}}\n' "$1" "$1"
    printf '%s\n' "${@:4}"
  } | resource "$1"
}

# alembic NAME IMAGE ENVIRONMENT TARGET [LINE...]: a resource that migrates by the Alembic of an image; each LINE adds to its
# spec. ALEMBIC adds to schema.alembic.
alembic() {
  {
    printf 'edition: saas\nenvironment: %s\ntargetVersion: "%s"\n' "$3" "$4"
    printf 'connection: {secretRef: {name: %s}}\n' "$1"
    printf 'schema: {alembic: {image: "localhost/app/%s", workingDirectory: /app%s}}\n' "$2" "${ALEMBIC:+, $ALEMBIC}"
    printf '%s\n' "${@:5}"
  } | resource "$1"
}

# revision SERVER DATABASE: what Alembic's own table says, several joined by commas.
revision() {
  psql_as_admin "$1" "$2" "SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version"
}

# head_of NAME: where the operator says the image leads.
head_of() { status "$NAMESPACE" "$1" .targetVersion; }

# is_at_its_head NAME SERVER: Ready, and PostgreSQL has the revision that the image leads to.
is_at_its_head() {
  is_ready_at "$1" "$(head_of "$1")" && [[ -n $(head_of "$1") && $(revision "$2" "$1") == "$(head_of "$1")" ]]
}

# catalog SERVER DATABASE: all that pg_dump knows of its schema, without the operator's own.
catalog() {
  kc exec --namespace=databases "deployment/$1" --container=postgres -- \
    pg_dump --schema-only --exclude-schema=tunetrail --dbname="$2" | grep -v -E '^(--|$|\\(un)?restrict)'
}

# change NAME JSON: merges into the resource's spec.
change() {
  kc patch tunetraildatabase "$1" --namespace="$NAMESPACE" --type=merge --patch="{\"spec\":$2}" > /dev/null
}

# plan_digest NAME: what there is to approve.
plan_digest() { status "$NAMESPACE" "$1" .plan.digest; }

# approve_plan NAME VERSION [FIELDS]: approves the plan that the status tells now; FIELDS, as JSON, add to the approval.
approve_plan() {
  change "$1" "{\"approval\":{\"version\":\"$2\",\"digest\":\"$(plan_digest "$1")\",\"approvedBy\":\"ada\"${3:+,$3}}}"
}

# look_again CONFIGMAP: makes the operator look at the databases that use it, though no input changes.
look_again() {
  kc annotate configmap "$1" --namespace="$NAMESPACE" --overwrite "example.org/touched=$(date +%s%N)" > /dev/null
}

# facts NAME [OPTION...]: "GENERATION|OBSERVED|READY|REASON|VERSION|MESSAGE", with nothing for what is missing.
facts() { kc get tunetraildatabase "$1" --namespace="$NAMESPACE" --output="jsonpath=$FACTS" "${@:2}"; }
READY='.status.conditions[?(@.type=="Ready")]'
FACTS="{.metadata.generation}|{.status.observedGeneration}|{$READY.status}|{$READY.reason}|{.status.migrationVersion}|{$READY.message}{\"\n\"}"

# is_ready_at NAME [VERSION]: Ready for the generation applied last, at that version (-: none).
is_ready_at() { facts "$1" | tee /dev/stderr | tells_ready_at "${2:--}"; }
tells_ready_at() {
  local generation observed ready reason version message
  IFS='|' read -r generation observed ready reason version message
  [[ $generation == "$observed" && $ready == True && ${version:--} == "$1" ]]
}

# says NAME REASON [PATTERN]: not Ready for that reason, with a message that matches the extended regular expression.
says() { facts "$1" | tee /dev/stderr | tells "$2" "${3:-}"; }
tells() {
  local generation observed ready reason version message
  IFS='|' read -r generation observed ready reason version message
  [[ $generation == "$observed" && $ready == False && $reason == "$1" && $message =~ $2 ]]
}

# What is waited for most is followed by one watch: asking three times a second, in several lanes, keeps a core busy.
answer() {
  case $2 in
    is_ready_at) follow_facts "$1" "$3" tells_ready_at "${4:--}" ;;
    says) follow_facts "$1" "$3" tells "$4" "${5:-}" ;;
    *) "${@:2}" ;;
  esac
}

# follow_facts SECONDS NAME TEST...: until a resource's facts, as they change, pass the test; fails when the watch ends before.
follow_facts() {
  local line last='' source watch passed=1
  # By a selector, because of what is named alone kubectl passes over a change between its first answer and the watch.
  exec {source}< <(exec timeout "$1" kubectl --kubeconfig="$E2E_KUBECONFIG" get tunetraildatabases \
    --field-selector="metadata.name=$2" --namespace="$NAMESPACE" --output="jsonpath=$FACTS" --watch 2>&1)
  watch=$!
  while read -r line <&"$source"; do
    last=$line
    if "${@:3}" <<< "$line"; then
      passed=0
      break
    fi
  done
  kill "$watch" 2> /dev/null || true
  exec {source}<&-
  echo "$last"
  return "$passed"
}

message() { condition_message "$NAMESPACE" "$1" Ready; }

# tables SERVER DATABASE: how many PostgreSQL counts, without the histories of Flyway and of the operator.
tables() {
  psql_as_admin "$1" "$2" "SELECT count(*) FROM pg_tables WHERE tablename <> 'flyway_schema_history'
    AND schemaname NOT IN ('pg_catalog', 'information_schema', 'tunetrail')"
}

# version SERVER DATABASE: the highest in Flyway's history; empty where there is none.
version() {
  psql_as_admin "$1" "$2" "SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL
    ORDER BY string_to_array(version, '.')::int[] DESC LIMIT 1"
}

# agrees NAME SERVER [DATABASE]: status and PostgreSQL tell the same version and number of tables.
agrees() {
  local database=${3:-$1}
  expect "$(status "$NAMESPACE" "$1" .migrationVersion)/$(status "$NAMESPACE" "$1" .tableCount)" \
    "$(version "$2" "$database")/$(tables "$2" "$database")" "$1 has the version and tables that psql counts"
}

# scratch_databases SERVER ROLE: how many it has; other scenarios have theirs on the same server.
scratch_databases() {
  psql_as_admin "$1" postgres "SELECT count(*) FROM pg_database WHERE datname LIKE 'tunetrail_scratch%' AND pg_get_userbyid(datdba) = '$2'"
}

# works SERVER DATABASE: how many times a Job worked there.
works() { psql_as_admin "$1" "$2" "SELECT count(*) FROM tunetrail.history"; }

# jobs NAME: "NAME UID" of each Job that the operator made for a resource, oldest first.
jobs() {
  kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1" --sort-by=.metadata.creationTimestamp \
    --output='jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}'
}

# hold SERVER DATABASE SQL: a session that ran SQL in a transaction which stays open until `let_go SERVER DATABASE`.
hold() {
  kc exec --namespace=databases "deployment/$1" --container=postgres -- env PGAPPNAME="holds $2" \
    psql --no-psqlrc --quiet --dbname="$2" --command="BEGIN; $3; SELECT pg_sleep(600)" > /dev/null 2>&1 &
  await 30 "a session holds a transaction open in $2" is_sleeping "$1" "holds $2"
}

let_go() {
  psql_as_admin "$1" postgres \
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'holds $2'" > /dev/null
}

# until_let_go DATABASE: SQL that works for as long as a session holds it.
until_let_go() {
  echo "DO 'BEGIN WHILE EXISTS (SELECT FROM pg_stat_activity WHERE application_name = ''holds $1'')
    LOOP PERFORM pg_sleep(0.2), pg_stat_clear_snapshot(); END LOOP; END';"
}

# is_sleeping SERVER APPLICATION-PATTERN: a session of an application is in pg_sleep.
is_sleeping() {
  [[ $(psql_as_admin "$1" postgres "SELECT count(*) FROM pg_stat_activity
    WHERE application_name LIKE '$2' AND wait_event = 'PgSleep'") != 0 ]]
}

# The operator's pods: UID and restarts of each.
operator_pods() {
  kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{"\n"}{end}'
}

is_operator_gone() {
  operator_pods
  [[ -z $(operator_pods) ]]
}

stop_operator() {
  trap start_operator EXIT
  kc scale deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --replicas=0 > /dev/null
  await 60 "the operator is gone" is_operator_gone
}

start_operator() {
  kc scale deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --replicas=1 > /dev/null
  await_operator
}

await_operator() {
  kc rollout status deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --timeout=360s > /dev/null
}

# A server that may go away and be restarted while scenarios on others go on.
FRAIL=pg17-frail
deploy_the_frail_server() { "$E2E/postgres/deploy" "$FRAIL"; }

# make_the_way [SERVER]: Service flaky is a way to pg17, or another, that can be closed and opened.
make_the_way() {
  WAY_TO=${1:-pg17}
  kc apply --filename=- > /dev/null << YAML
apiVersion: v1
kind: Service
metadata: {name: flaky, namespace: databases}
spec: {selector: {app: $WAY_TO}, ports: [{port: 5432}]}
YAML
}

open_the_way() { way "{\"app\":\"$WAY_TO\"}"; }
close_the_way() { way '{"app":"nobody"}'; }
way() {
  kc patch service flaky --namespace=databases --type=merge --patch="{\"spec\":{\"selector\":$1}}" > /dev/null
}

# restart_server: the frail PostgreSQL ends at once, as in a crash, and its container is started again with the data it had.
restart_server() {
  local before
  before=$(restarts)
  kc exec --namespace=databases "deployment/$FRAIL" --container=postgres -- bash -c 'kill -QUIT 1' || true
  await 60 "the container of $FRAIL is started again" has_restarted_since "$before"
}

restarts() {
  kc get pods --namespace=databases --selector="app=$FRAIL" --output='jsonpath={.items[0].status.containerStatuses[0].restartCount}'
}

has_restarted_since() { (($(restarts) > $1)); }
