#!/bin/bash
# What looks like a database but may not be worked on: a transaction pool, a replica, a server that never answers.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'
HUNG=300

# given NAME SERVER [KEY=VALUE...]
given() {
  binding "$@"
  scripts "$1" V1__songs.sql="$SONGS"
  flyway "$1" staging latest
}

fault_24_a_transaction_pooling_proxy_is_refused() {
  new_databases pg15 pooled
  given pooled pg15 host=pgbouncer.databases port=6432 sslmode=disable | apply
  await 90 "PgBouncer in transaction mode is found out" says pooled TransactionPooling 'session mode'
  expect "$(condition "$NAMESPACE" pooled Stalled)" "True TransactionPooling" "it waits for somebody to change the connection"
  expect "$(jobs pooled)$(tables pg15 pooled)" 0 "nothing ran"
  change pooled '{"connection":{"host":"pg15.databases","port":5432}}'
  await 90 "past the proxy it is migrated" is_ready_at pooled 1
  agrees pooled pg15
}

# A server that stays in recovery, as a standby does, until it is promoted.
replica() {
  cat << 'YAML'
apiVersion: v1
kind: Pod
metadata: {name: replica, labels: {app: replica}}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: postgres
    image: localhost/postgres:17
    command:
    - /bin/bash
    - -ec
    - |
      initdb --username=postgres --auth=trust --no-sync --pgdata=/tmp/data > /dev/null
      printf "listen_addresses = '*'\nunix_socket_directories = '/tmp'\ndynamic_shared_memory_type = mmap\n" >> /tmp/data/postgresql.conf
      echo 'host all all 0.0.0.0/0 trust' >> /tmp/data/pg_hba.conf
      pg_ctl --pgdata=/tmp/data --wait --options='-c listen_addresses=' start
      createdb --host=/tmp --username=postgres standby
      pg_ctl --pgdata=/tmp/data --wait stop
      touch /tmp/data/standby.signal
      exec postgres -D /tmp/data
    readinessProbe: {exec: {command: [pg_isready, --host=127.0.0.1, --quiet]}, periodSeconds: 1}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: tmp, mountPath: /tmp}]
  volumes: [{name: tmp, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: replica}
spec: {selector: {app: replica}, ports: [{port: 5432}]}
YAML
}

on_replica() {
  kc exec --namespace="$NAMESPACE" replica -- psql --no-psqlrc --quiet --tuples-only --no-align --host=/tmp --username=postgres \
    --dbname=standby --command="$1"
}

fault_17_a_read_only_replica_is_refused() {
  kc wait --namespace="$NAMESPACE" --for=condition=Ready pod/replica --timeout=180s > /dev/null
  expect "$(on_replica 'SELECT pg_is_in_recovery()')" t "the server is in recovery"
  given standby pg17 host=replica username=postgres | apply
  await 90 "a replica is refused" says standby ReadOnlyReplica 'Point the connection to the primary'
  expect "$(jobs standby)" "" "no Job was started"
  on_replica 'SELECT pg_promote()' > /dev/null
  await 90 "once it is promoted the migration runs by itself" is_ready_at standby 1
  expect "$(on_replica "SELECT to_regclass('songs')")" songs "psql finds the table"
}

# A server that takes connections and says nothing; many would be on one port as well.
silence() {
  cat << 'YAML'
apiVersion: v1
kind: Pod
metadata: {name: silence, labels: {app: silence}}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: listener
    image: localhost/postgres:17
    command: [perl, -MIO::Socket::INET, -e]
    args:
    - |
      my $server = IO::Socket::INET->new(LocalPort => 5432, Listen => 128, ReuseAddr => 1) or die $!;
      my @clients;
      while (my $client = $server->accept) { push @clients, $client }
    readinessProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
---
apiVersion: v1
kind: Service
metadata: {name: silence}
spec: {selector: {app: silence}, ports: [{port: 5432}]}
YAML
}

fault_54_a_fake_server_that_never_answers() {
  local number started
  new_databases pg17 prompt
  kc wait --namespace="$NAMESPACE" --for=condition=Ready pod/silence --timeout=180s > /dev/null
  started=$SECONDS
  for number in {1..12}; do given "hung-$number" pg17 host=silence; done | apply
  given prompt pg17 | apply
  await 90 "beside 12 servers that never answer another database is migrated" is_ready_at prompt 1
  agrees prompt pg17
  for number in 1 12; do
    await 90 "hung-$number is given up after a hard timeout" says "hung-$number" DatabaseUnreachable 'did not answer within 5'
  done
  pass "all of it after $((SECONDS - started)) s"
}

# hung_databases: as many resources, of which nobody ever hears anything.
hung_databases() {
  local number
  binding silence pg17 host=silence
  scripts silence V1__songs.sql="$SONGS"
  for ((number = 1; number <= HUNG; number++)); do
    resource "hang-$number" << 'YAML'
edition: commercial
environment: staging
connection: {secretRef: {name: silence}}
schema: {flyway: {configMaps: [{name: silence}]}}
YAML
  done
}

# operator_answers PATH
operator_answers() {
  local pod
  pod=$(kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={.items[0].metadata.name}')
  kc get --raw "/api/v1/namespaces/$OPERATOR_NAMESPACE/pods/$pod:8080/proxy/$1"
}

threads() { operator_answers metrics | awk '/^jvm_threads_live_threads/ {printf "%d\n", $NF}'; }

are_given_up() {
  kc get tunetraildatabases --namespace="$NAMESPACE" --output=json | jq '[.items[] | select(.metadata.name | startswith("hang-"))
    | select(any(.status.conditions[]?; .reason == "DatabaseUnreachable"))] | length' | tee /dev/stderr | (($(cat) >= $1))
}

fault_58_three_hundred_hung_databases() {
  local operator threads_before threads
  new_databases pg17 healthy
  operator=$(operator_pods)
  threads_before=$(threads)
  expect_match "$threads_before" '^[1-9][0-9]*$' "the operator tells how many threads it has"
  hung_databases | kc create --namespace="$NAMESPACE" --filename=- > /dev/null
  await 90 "a tenth of $HUNG is given up after a hard timeout each" are_given_up $((HUNG / 10))
  given healthy pg17 | apply
  await 60 "a healthy one beside them is migrated" is_ready_at healthy 1
  agrees healthy pg17
  scripts healthy V1__songs.sql="$SONGS" V2__bands.sql='CREATE TABLE bands (id int);' | apply
  await 60 "and migrated again" is_ready_at healthy 2
  threads=$(threads)
  ((threads <= threads_before + 60)) || fail "$threads threads, before there were $threads_before"
  pass "$threads threads, before there were $threads_before"
  expect "$(operator_answers livez > /dev/null && operator_answers readyz > /dev/null && echo healthy)" healthy "its probes are healthy"
  expect "$(operator_pods)" "$operator" "it was never restarted"
}

fresh_namespace
{ replica; echo ---; silence; } | apply
fault_24_a_transaction_pooling_proxy_is_refused
fault_17_a_read_only_replica_is_refused
fault_54_a_fake_server_that_never_answers
fault_58_three_hundred_hung_databases
