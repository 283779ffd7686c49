#!/bin/bash
# Local development: the page's own commands, by somebody who reaches a PostgreSQL at a port of their own machine.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"

LISTENER=
PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# Each connection has a way of its own into the cluster's network, so that the end of one is not that of others.
a_server_listens_at_a_port() {
  local address
  address=$(kc get pods --namespace=databases --selector=app=pg17 --output='jsonpath={.items[0].status.podIP}')
  socat "TCP4-LISTEN:$PORT,bind=127.0.0.1,fork,reuseaddr" \
    "EXEC:nsenter --net=/run/netns/$CLUSTER_NETNS socat STDIO TCP4\\:$address\\:5432" &
  LISTENER=$!
  await 30 "pg17 is reached at a port of this machine" is_open
}

is_open() { [[ -n $(ss --no-header --listening --tcp --numeric "sport = :$PORT") ]]; }

nothing_is_there_yet() {
  psql_as_admin pg17 postgres 'DROP DATABASE IF EXISTS jingles WITH (FORCE)'
  psql_as_admin pg17 postgres 'DROP ROLE IF EXISTS jingles'
}

the_page_is_walked() {
  local said
  said=$(walk local-development "export PGPORT=$PORT") || fail "the page says what fails: $said"
  echo "$said"
  expect_match "$said" 'none → 2.*CREATE TABLE sponsors.*at version 2.*at version 1.*at version 2' "the plan is shown, runs, and is taken back"
  expect_match "$said" 'UpToDate.*the schema is as the last work left it.*OK +state +UpToDate' "what was done is told"
  expect_match "$said" 'tunetraildatabase.tunetrail.io/jingles created \(server dry run\)' "the API server takes the manifest"
  expect_match "$(cat "$READER/jingles.md")" 'erDiagram.*jingles.*seconds.*sponsors' "the schema is documented"
}

it_was_done_there_and_by_nobody_else() {
  expect "$(version pg17 jingles)/$(tables pg17 jingles)/$(works pg17 jingles)" 2/2/3 "psql finds the three works"
  expect "$(kc get ttdb,jobs --namespace="$NAMESPACE" --output=name)" "" "the cluster has no resource and ran no Job"
}

clean_up() {
  if [[ -n $LISTENER ]]; then kill "$LISTENER"; fi
  rm -rf "$READER"
}

fresh_namespace
new_reader
trap clean_up EXIT
nothing_is_there_yet
a_server_listens_at_a_port
the_page_is_walked
it_was_done_there_and_by_nobody_else
