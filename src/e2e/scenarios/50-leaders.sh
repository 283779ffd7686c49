#!/bin/bash
# Of several operators one works; another goes on when it ends, dies, or stands still. Each answers for a database's health.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/receiver/receiver.sh"

LEASE_SECONDS=15

leader() { kc get lease tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --output='jsonpath={.spec.holderIdentity}'; }

# has_other_leader POD: somebody leads, and not that pod.
has_other_leader() {
  local now
  now=$(leader)
  echo "leader: '$now'"
  [[ -n $now && $now != "$1" ]]
}

# other_leader_within SECONDS POD DESCRIPTION
other_leader_within() {
  local began=$EPOCHREALTIME
  within "$1" "$3" has_other_leader "$2"
  pass "it took $(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.1f", b - a}') s"
}

operators() {
  trap 'operators 1' EXIT
  kc scale deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --replicas="$1" > /dev/null
  await_operator
}

# songs NAME...: resources that each need one script.
songs() {
  local name
  for name in "$@"; do
    binding "$name" pg17
    scripts "$name" V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(1);'
    flyway "$name" staging latest
  done | apply
}

# worked_once NAME...: migrated by one work, whoever started it.
worked_once() {
  local name
  for name in "$@"; do
    await 120 "$name is migrated" is_ready_at "$name" 1
    agrees "$name" pg17
    expect "$(works pg17 "$name")" 1 "$name: one work in tunetrail.history"
  done
}

# health HOST: "CODE BODY" of what a replica, or the Service, tells of database asked.
health() { ask "http://$1:8080/health/databases/$NAMESPACE/asked" "$VIEWER"; }

# health_is HOST CODE FILTER: for await.
health_is() {
  local answer
  answer=$(health "$1")
  echo "$answer"
  [[ ${answer%% *} == "$2" ]] && jq --exit-status "$3" <<< "${answer#* }" > /dev/null
}

# each_replica_says CODE FILTER DESCRIPTION
each_replica_says() {
  local address
  for address in "${REPLICAS[@]}"; do await 40 "$3, says $address" health_is "$address" "$1" "$2"; done
}

each_replica_answers_for_a_database() {
  read -ra REPLICAS <<< "$(kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={.items[*].status.podIP}')"
  expect "${#REPLICAS[@]}" 2 "there are two replicas"
  kc create serviceaccount viewer --namespace="$NAMESPACE" > /dev/null
  kc create rolebinding viewer --namespace="$NAMESPACE" --clusterrole=view --serviceaccount="$NAMESPACE:viewer" > /dev/null
  VIEWER=$(kc create token viewer --namespace="$NAMESPACE")
  songs asked
  worked_once asked
  each_replica_says 200 '.status == "healthy" and .migrationVersion == "1" and .tableCount == 1' "a migrated database is healthy"
  expect "$(for _ in 1 2 3 4 5 6 7 8; do health "tunetrail-operator.$OPERATOR_NAMESPACE" | sed -n '1s/ .*//p'; done | sort --unique)" \
    200 "and so says whichever the Service chooses"
  expect "$(for address in "${REPLICAS[@]}"; do health "$address" | cut --delimiter=' ' --fields=2- | jq 'has("lookedAt")'; done | sort | xargs)" \
    "false true" "one has looked itself, the other goes by the status"
  psql_as_admin pg17 postgres 'ALTER DATABASE asked SET default_transaction_read_only = on'
  look_again asked
  each_replica_says 503 '.status == "unhealthy" and .writeAccess == "failed" and (.message | test("read_only"))' "it takes no changes"
  psql_as_admin pg17 postgres 'ALTER DATABASE asked RESET default_transaction_read_only'
}

a_leader_that_ends_hands_over_at_once() {
  local first
  first=$(leader)
  kc delete pod "$first" --namespace="$OPERATOR_NAMESPACE" --wait=false > /dev/null
  other_leader_within $((LEASE_SECONDS - 2)) "$first" "the other leads before the lease would have expired"
  songs handed-over
  worked_once handed-over
}

# process_of POD: the operator's process on this machine, found by the pod's UID in its cgroup.
process_of() {
  local uid process
  uid=$(kc get pod "$1" --namespace="$OPERATOR_NAMESPACE" --output='jsonpath={.metadata.uid}')
  for process in $(pgrep --exact java); do
    if grep --quiet --fixed-strings "$uid" "/proc/$process/cgroup"; then echo "$process"; fi
  done
}

restarts() {
  kc get pod "$1" --namespace="$OPERATOR_NAMESPACE" --output='jsonpath={.status.containerStatuses[0].restartCount}'
}

has_restarted() { (($(restarts "$1") > $2)); }

fault_05_a_leader_that_stands_still_while_another_leads() {
  local first process before
  if [[ ${E2E_CLUSTER:-} == external ]]; then
    pass "not tried: a process of somebody else's cluster can't be stopped"
    return
  fi
  first=$(leader)
  before=$(restarts "$first")
  process=$(process_of "$first")
  expect_match "$process" '^[0-9]+$' "the leader's process is found"
  songs frozen-1 frozen-2 frozen-3
  kill -STOP "$process"
  # Stopped it would not even end when it is told to.
  trap "kill -CONT $process 2> /dev/null; operators 1" EXIT
  other_leader_within $((LEASE_SECONDS + 10)) "$first" "another leads"
  kill -CONT "$process"
  look_again frozen-1
  worked_once frozen-1 frozen-2 frozen-3
  await 60 "the first ended when it found that it lost the lease" has_restarted "$first" "$before"
  expect_match "$(kc logs "$first" --namespace="$OPERATOR_NAMESPACE" --previous)" 'lost Lease' "it says why"
  await_operator
}

an_upgrade_hands_over() {
  local first
  operators 1
  await 60 "one leads" has_other_leader nobody
  first=$(leader)
  kc rollout restart deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" > /dev/null
  songs upgraded
  other_leader_within 120 "$first" "the new operator leads"
  worked_once upgraded
  await_operator
}

fresh_namespace
new_databases pg17 asked handed-over frozen-1 frozen-2 frozen-3 upgraded
operators 2
await 60 "one leads" has_other_leader nobody
each_replica_answers_for_a_database
a_leader_that_ends_hands_over_at_once
await_operator
fault_05_a_leader_that_stands_still_while_another_leads
an_upgrade_hands_over
