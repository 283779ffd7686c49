#!/bin/bash
# The image's squawk, in a container that can write nowhere and needs no network, says what the tests of the analysis take for
# its words.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

RECORDED=$ROOT/src/test/resources/analysis
CASES=(add-foreign-key comments-hide-nothing rows small-table)

# squawk ARGUMENT...: what it prints of its standard input in the operator's own container; it ends with 1 where it warns.
squawk() {
  kc exec --stdin deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" -- /usr/bin/squawk --config /dev/null "$@" || true
}

# of_script: of JSON on the standard input what is said of the first script, a line each.
of_script() {
  python3 -c '
import json, sys
for said in json.load(sys.stdin):
    if said["file"] == "script-000000.sql":
        print(said["line"], said["rule_name"], said["help"])'
}

fresh_namespace
expect "$(squawk --version < /dev/null)" "$(cat "$RECORDED/rows/squawk-version.txt")" "the image has the squawk that was recorded"
for case in "${CASES[@]}"; do
  expect "$(squawk --debug parse < "$RECORDED/$case/squawk-parse.txt.sql")" "$(cat "$RECORDED/$case/squawk-parse.txt")" \
    "$case: it makes the same tree"
  expect "$(squawk --reporter json --assume-in-transaction --pg-version 17 --stdin-filepath script-000000.sql \
    < "$RECORDED/$case/squawk-lint.json.sql" 2> /dev/null | of_script)" "$(of_script < "$RECORDED/$case/squawk-lint.json")" \
    "$case: its rules say the same"
done
