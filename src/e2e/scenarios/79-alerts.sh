#!/bin/bash
# The alerts' rules, by Prometheus' own tool and without a cluster: what fires, and what does not.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=/dev/null
source "$E2E/prometheus/prometheus.sh"

PROGRAMS=$(mktemp -d)
trap 'rm -rf "$PROGRAMS"' EXIT

promtool() { "$PROGRAMS/usr/bin/promtool" "$@"; }

the_rules_are_well_formed() {
  expect_match "$(promtool check rules "$ROOT/deploy/monitoring/base/alerts.yaml")" 'SUCCESS: [1-9][0-9]* rules found' \
    "promtool reads the plain rules"
}

they_fire_and_they_do_not() {
  local tested
  tested=$(promtool test rules "$PROMETHEUS"/rules/*.yaml 2>&1) || fail "the rules' tests: $tested"
  expect "$(grep --count SUCCESS <<< "$tested")" "$(find "$PROMETHEUS/rules" -name '*.yaml' | wc -l)" "each file of tests passes"
}

# Each query as a rule of its own, for promtool parses no lone expressions.
the_dashboards_queries_parse() {
  local number
  {
    printf 'groups:\n- name: panels\n  rules:\n'
    dashboard_queries | jq --raw-output '"  - {record: panel:\(input_line_number), expr: \(.expr | tojson)}"'
  } > "$PROGRAMS/panels.yaml"
  number=$(grep --count 'record: panel' "$PROGRAMS/panels.yaml")
  expect_match "$(promtool check rules "$PROGRAMS/panels.yaml" 2>&1)" "SUCCESS: $number rules found" "promtool reads each query of the dashboards"
}

unpack_prometheus "$PROGRAMS"
the_rules_are_well_formed
they_fire_and_they_do_not
the_dashboards_queries_parse
