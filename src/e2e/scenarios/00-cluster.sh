#!/bin/bash
# The ground that the other scenarios stand on: restricted pods, cluster DNS, and PostgreSQL 15 and 17 over verified TLS.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# client NAME COMMAND...: a restricted pod that runs a PostgreSQL client to its end.
client() {
  local name=$1
  shift
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << YAML
apiVersion: v1
kind: Pod
metadata: {name: $name}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: client
    image: localhost/postgres:17
    imagePullPolicy: IfNotPresent
    command: $(json_array "$@")
    env:
    - {name: PGSSLROOTCERT, value: /ca/ca.crt}
    - {name: PGCONNECT_TIMEOUT, value: "10"}
    - {name: PGUSER, value: ground}
    - {name: PGPASSWORD, value: secret}
    - {name: PGDATABASE, value: ground}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: ca, mountPath: /ca}]
  volumes: [{name: ca, configMap: {name: pg-ca}}]
YAML
}

json_array() { python3 -c 'import json, sys; print(json.dumps(sys.argv[1:]))' "$@"; }

phase() { kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}'; }

has_ended() {
  phase "$1"
  [[ $(phase "$1") =~ ^(Succeeded|Failed)$ ]]
}

output() { kc logs "$1" --namespace="$NAMESPACE"; }

# ask NAME CONNECTION SQL: sets ANSWER to what the client pod printed.
ask() {
  client "$1" psql --no-psqlrc --tuples-only --no-align "$2" --command="$3"
  await 60 "client $1 ends" has_ended "$1"
  ANSWER=$(output "$1")
}

proves_server() {
  local server=$1 major=$2
  new_database "$server" ground
  expect "$(psql_as_admin "$server" ground 'SELECT count(*) FROM pg_tables WHERE schemaname = $$public$$')" 0 "$server has an empty database"
  ask "$server-verified" "host=$server.databases sslmode=verify-full" \
    "SELECT current_setting('server_version_num')::int / 10000, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
  expect "$ANSWER" "$major|t" "$server answers by name over verified TLS as version $major"
  ask "$server-plain" "host=$server.databases.svc.cluster.local sslmode=disable" \
    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
  expect "$ANSWER" f "$server answers without TLS too"
}

refuses_another_name() {
  local address
  address=$(kc get service pg15 --namespace=databases --output='jsonpath={.spec.clusterIP}')
  ask wrong-name "host=$address sslmode=verify-full" "SELECT 1"
  expect "$(phase wrong-name)" Failed "a server certificate for another name is refused"
  expect_match "$ANSWER" "does not match host name" "the client says that the name is the cause"
}

proves_pooling() {
  ask pooled "host=pgbouncer.databases port=6432 sslmode=disable" "SELECT current_setting('server_version_num')::int / 10000"
  expect "$ANSWER" 15 "PgBouncer passes on to PostgreSQL 15"
}

restarts() {
  kc get pods --namespace=databases --selector=app=pg15 --output='jsonpath={.items[0].status.containerStatuses[0].restartCount}'
}

has_restarted_since() {
  local now
  now=$(restarts)
  echo "$now restarts"
  ((now > $1))
}

restarts_keep_data() {
  local before
  before=$(restarts)
  psql_as_admin pg15 ground 'CREATE TABLE kept AS SELECT 42 AS answer'
  kc exec --namespace=databases deployment/pg15 -- bash -c 'kill -QUIT 1' || true
  await 60 "the container of pg15 is started again" has_restarted_since "$before"
  await 60 "pg15 answers again" psql_as_admin pg15 ground 'SELECT 1'
  expect "$(psql_as_admin pg15 ground 'SELECT answer FROM kept')" 42 "a restarted container keeps its data"
  kc rollout status deployment/pg15 --namespace=databases --timeout=180s
}

fresh_namespace
proves_server pg15 15
proves_server pg17 17
refuses_another_name
proves_pooling
restarts_keep_data
