#!/bin/bash
# The API server goes away for 40 seconds, in which databases go on; then the operator goes on too, in the same process. The two
# minutes that the fault names would show nothing more and would let the cluster's own controllers give up.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

AWAY=40

given() {
  binding "$1" pg17
  scripts "$1" V1__songs.sql="CREATE TABLE songs (id int); SELECT pg_sleep($2);"
  flyway "$1" staging latest
}

works_now() { is_sleeping pg17 "%$1%"; }

# In a shell of its own, for the cluster's parts have functions of the same names.
stop_the_api_server() {
  (
    for part in settings cgroup components; do
      # shellcheck source=/dev/null
      source "$E2E/cluster.d/$part.sh"
    done
    stop kube-apiserver
  )
}

is_away() { ! kc get --raw=/readyz --request-timeout=2s > /dev/null 2>&1; }

fault_07_the_api_server_is_away() {
  local before stopped
  new_databases pg17 before during
  given before 0 | apply
  await 90 "a database is ready at first" is_ready_at before 1
  given during 10 | apply
  await 90 "a migration works" works_now during
  before=$(operator_pods)
  stopped=$SECONDS
  trap '"$E2E/cluster" up > /dev/null' EXIT
  stop_the_api_server
  await 10 "the API server is away" is_away
  while ((SECONDS < stopped + AWAY)); do sleep 1; done
  "$E2E/cluster" up > /dev/null
  pass "it was away for $((SECONDS - stopped)) s"
  await 120 "what worked meanwhile is seen to be done" is_ready_at during 1
  expect "$(jobs during | wc -l)/$(works pg17 during)/$(tables pg17 during)" 1/1/1 "by one Job, once"
  scripts before V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(0);' V2__bands.sql='CREATE TABLE bands ();' | apply
  await 120 "a new script is migrated" is_ready_at before 2
  expect "$(operator_pods)" "$before" "the operator is the same process, not restarted once"
  agrees before pg17
  agrees during pg17
}

if [[ ${E2E_CLUSTER:-} == external ]]; then
  pass "skipped: the API server of a cluster that is not ours is left alone"
  exit 0
fi
fresh_namespace
fault_07_the_api_server_is_away
