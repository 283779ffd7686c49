#!/bin/bash
# More databases than Jobs may work at once, on one server or at all: who waits says so, who waited longest is next.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

AT_ONCE=3
PER_SERVER=2
MANY=7
ELSEWHERE=3

# slots SETTING...: how many Jobs may work, as JOBS_AT_ONCE=3; JOBS_AT_ONCE-: as installed.
slots() {
  kc set env deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" "$@" > /dev/null
  await_operator
}

# given NAME SERVER
given() {
  binding "$1" "$2"
  scripts "$1" V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(2);'
  flyway "$1" staging latest
}

# count_of CONDITION [NAME]: resources whose Ready condition is so, as jq has it, and whose name begins so.
count_of() {
  kc get tunetraildatabases --namespace="$NAMESPACE" --output=json |
    jq --arg name "${2:-}" "[.items[] | select(.metadata.name | startswith(\$name))
      | select(any(.status.conditions[]?; .type == \"Ready\" and (.$1)))] | length"
}

# work_at_once NAME: pods whose work has begun and not ended, of resources whose name begins so.
work_at_once() {
  kc get pods --namespace="$NAMESPACE" --output=json |
    jq --arg name "$1" '[.items[] | select(.metadata.labels["tunetrail.io/database"] // "" | startswith($name))
      | select(any(.status.containerStatuses[]?; .state.terminated) | not)] | length'
}

# most BEFORE NOW
most() { echo $(($1 > $2 ? $1 : $2)); }

fault_55_more_databases_than_slots() {
  local number at_once=0 on_one=0 waited=0 all=0 beside=0 deadline=$((SECONDS + 180))
  {
    for number in $(seq "$MANY"); do given "slot-$number" pg17; done
    for number in $(seq "$ELSEWHERE"); do given "elsewhere-$number" pg15; done
  } | apply
  while (($(count_of 'status == "True"') < MANY + ELSEWHERE)); do
    ((SECONDS < deadline)) || fail "only $(count_of 'status == "True"') of $((MANY + ELSEWHERE)) are ready"
    at_once=$(most "$at_once" "$(work_at_once '')")
    on_one=$(most "$on_one" "$(work_at_once slot-)")
    waited=$(most "$waited" "$(count_of 'reason == "WaitingForSlot"')")
    all=$(most "$all" "$(count_of "message | startswith(\"$AT_ONCE Jobs run, as many as may at once\")")")
    if ((beside == 0 && $(count_of 'status == "True"' elsewhere-) > 0)); then beside=$(count_of 'reason == "WaitingForSlot"'); fi
  done
  ((waited > 0 && all > 0)) || fail "$waited said WaitingForSlot, $all for all slots"
  pass "$waited said WaitingForSlot, $all of them for all slots"
  ((beside > 0)) || fail "a database of another server waited for all the others"
  pass "a database of another server was ready while $beside waited"
  expect "$((on_one <= PER_SERVER && on_one > 0)) $((at_once <= AT_ONCE && at_once > 0))" "1 1" \
    "at most $PER_SERVER Jobs worked at once on one server, and $AT_ONCE in all"
  for number in 1 "$MANY"; do agrees "slot-$number" pg17; done
  for number in 1 "$ELSEWHERE"; do agrees "elsewhere-$number" pg15; done
}

# adds NUMBER SQL: another script.
adds() {
  scripts "slot-$1" V1__songs.sql='CREATE TABLE songs (id int); SELECT pg_sleep(2);' V2__more.sql="$2" | apply
}

begun() { psql_as_admin pg17 "slot-$1" 'SELECT extract(epoch FROM max(started_at)) FROM tunetrail.history'; }

# Neither by name nor by age; one slot stays taken, so that one begins after another.
fault_55_who_waited_longest_is_next() {
  local number order=(6 3 5)
  for number in 1 2; do
    hold pg17 "slot-$number" 'SELECT'
    adds "$number" "$(until_let_go "slot-$number")"
    await 30 "slot-$number works" is_sleeping pg17 "tunetrail/slot-$number-%"
  done
  for number in "${order[@]}"; do
    adds "$number" 'SELECT pg_sleep(1);'
    await 8 "slot-$number says that it waits, and for what" says "slot-$number" WaitingForSlot \
      "$PER_SERVER Jobs work on this database server, as many as may at once. It starts by itself"
  done
  let_go pg17 slot-1
  for number in "${order[@]}"; do await 60 "slot-$number is migrated" is_ready_at "slot-$number" 2; done
  let_go pg17 slot-2
  expect "$(for number in "${order[@]}"; do echo "$(begun "$number") $number"; done | sort -n | cut -d' ' -f2 | paste -sd' ')" \
    "${order[*]}" "PostgreSQL tells that they began in the order in which they came"
}

fresh_namespace
new_databases pg17 $(seq --format='slot-%.0f' "$MANY")
new_databases pg15 $(seq --format='elsewhere-%.0f' "$ELSEWHERE")
trap 'slots JOBS_AT_ONCE- JOBS_AT_ONCE_PER_SERVER-' EXIT
slots "JOBS_AT_ONCE=$AT_ONCE" "JOBS_AT_ONCE_PER_SERVER=$PER_SERVER"
fault_55_more_databases_than_slots
fault_55_who_waited_longest_is_next
