#!/bin/bash
# More databases than Jobs may work on one server at once: who waits says so, all are served in turn, other servers at once.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

AT_ONCE=2
MANY=7

# slots =NUMBER: how many Jobs may work on one server; slots -: as installed.
slots() {
  kc set env deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" "JOBS_AT_ONCE_PER_SERVER$1" > /dev/null
  await_operator
}

# given NAME SERVER
given() {
  binding "$1" "$2"
  scripts "$1" V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(2);'
  flyway "$1" staging latest
}

count_of() {
  kc get tunetraildatabases --namespace="$NAMESPACE" --output=json |
    jq "[.items[] | select(any(.status.conditions[]?; .type == \"Ready\" and .$1))] | length"
}

# work_at_once: pods whose work has begun and not ended.
work_at_once() {
  kc get pods --namespace="$NAMESPACE" --output=json |
    jq '[.items[] | select(.metadata.labels["tunetrail.io/database"] // "" | startswith("slot"))
      | select(any(.status.containerStatuses[]?; .state.terminated) | not)] | length'
}

fault_55_more_databases_than_slots() {
  local number at_once most=0 waited=0 deadline=$((SECONDS + 180))
  { for number in $(seq "$MANY"); do given "slot-$number" pg17; done; } | apply
  given elsewhere pg15 | apply
  while (($(count_of 'status == "True"') < MANY + 1)); do
    ((SECONDS < deadline)) || fail "only $(count_of 'status == "True"') of $((MANY + 1)) are ready"
    at_once=$(work_at_once)
    ((at_once <= most)) || most=$at_once
    number=$(count_of 'reason == "WaitingForSlot"')
    if ((number > waited)); then
      waited=$number
      if is_ready_at elsewhere 1 2> /dev/null; then pass "a database of another server is ready while $waited wait"; fi
    fi
  done
  ((waited > 0)) || fail "none said WaitingForSlot"
  pass "$waited said WaitingForSlot"
  expect "$((most <= AT_ONCE && most > 0))" 1 "at most $AT_ONCE Jobs worked at once"
  for number in 1 "$MANY"; do agrees "slot-$number" pg17; done
  agrees elsewhere pg15
}

who_waits_says_what_for() {
  local number
  for number in 1 2 3; do
    scripts "slot-$number" V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(2);' \
      V2__more.sql='SELECT pg_sleep(15);' | apply
  done
  await 30 "one of three waits" says_one_of_three
}

says_one_of_three() {
  local number
  for number in 1 2 3; do
    if says "slot-$number" WaitingForSlot "$AT_ONCE Jobs work on this database server, as many as may at once. It starts by itself"; then
      return
    fi
  done
  return 1
}

fresh_namespace
new_databases pg17 $(seq --format='slot-%.0f' "$MANY")
new_databases pg15 elsewhere
trap 'slots -' EXIT
slots "=$AT_ONCE"
fault_55_more_databases_than_slots
who_waits_says_what_for
