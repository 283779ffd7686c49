# What scenarios share. A scenario sources this file first, then calls `fresh_namespace`:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
#   fresh_namespace                      # NAMESPACE=e2e-<scenario>
#   new_database pg15 karaoke owner secret
#   kc apply -n "$NAMESPACE" -f …
#   await 60 "the database is ready" is_ready "$NAMESPACE" karaoke
#
# A command that fails ends the scenario; `fail` does so with a reason; `pass` prints what was proved.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$E2E/../.." && pwd)
SCENARIO=$(basename "$0" .sh)
NAMESPACE=${NAMESPACE:-e2e-$SCENARIO}
CACHED_BINARIES=${TUNETRAIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tunetrail-cluster}/bin
PATH=$PATH:$CACHED_BINARIES
E2E_KUBECONFIG=${E2E_KUBECONFIG:-$("$E2E/cluster" kubeconfig)}
OPERATOR_NAMESPACE=tunetrail-system
PATIENCE=${PATIENCE:-3}
QUIET='-c client_min_messages=warning'
# On a busy machine exec over WebSockets loses what a command printed.
export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false

kc() { kubectl --kubeconfig="$E2E_KUBECONFIG" "$@"; }

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

pass() { echo "ok: $*"; }

# expect ACTUAL EXPECTED DESCRIPTION: proves that both are the same text.
expect() {
  [[ $1 == "$2" ]] || fail "$3: expected '$2', got '$1'"
  pass "$3"
}

# expect_match ACTUAL PATTERN DESCRIPTION: proves that the text matches an extended regular expression.
expect_match() {
  [[ $1 =~ $2 ]] || fail "$3: '$1' does not match /$2/"
  pass "$3"
}

# await SECONDS DESCRIPTION COMMAND...: waits until COMMAND succeeds; fails with what it said last. It takes so long on an idle
# machine at most, and a busy one has PATIENCE times that.
await() { within "$(($1 * PATIENCE))" "${@:2}"; }

# within SECONDS DESCRIPTION COMMAND...: the same where the time is what is promised.
within() {
  local deadline=$((SECONDS + $1)) description=$2 output
  shift 2
  until output=$(answer "$((deadline - SECONDS + 1))" "$@" 2>&1); do
    if ((SECONDS >= deadline)); then fail "waited in vain: $description; '$*' said last: $output"; fi
    sleep 0.4
  done
  pass "$description"
}

# answer SECONDS COMMAND...: what a command that is waited for says; resources.sh follows changes for so long instead.
answer() { "${@:2}"; }

# An empty namespace under the restricted level, with the databases' CA in ConfigMap pg-ca.
fresh_namespace() {
  kc delete namespace "$NAMESPACE" --ignore-not-found --wait --timeout=360s > /dev/null
  kc create namespace "$NAMESPACE" > /dev/null
  kc label namespace "$NAMESPACE" pod-security.kubernetes.io/enforce=restricted > /dev/null
  copy_ca "$NAMESPACE"
}

# copy_ca NAMESPACE
copy_ca() {
  kc create configmap pg-ca --namespace="$1" --from-literal=ca.crt="$(database_ca)" > /dev/null
}

database_ca() { kc get configmap pg-ca --namespace=databases --output='jsonpath={.data.ca\.crt}'; }

# psql_as_admin SERVER DATABASE SQL: what the superuser sees, unaligned and without headings.
psql_as_admin() {
  kc exec --namespace=databases "deployment/$1" --container=postgres -- env PGOPTIONS="$QUIET" \
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$2" --command="$3"
}

# psql_as SERVER DATABASE ROLE PASSWORD SQL: the same, as a role that logs in by its password over TCP.
psql_as() {
  kc exec --namespace=databases "deployment/$1" --container=postgres -- env PGPASSWORD="$4" PGOPTIONS="$QUIET" \
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --host=127.0.0.1 \
    --username="$3" --dbname="$2" --command="$5"
}

# more_servers MAJOR...: loads and deploys servers pgMAJOR that are not there for all; see image.d/servers.sh.
more_servers() {
  local major
  for major in "$@"; do "$E2E/load" "$(server_archive "$major")"; done
  "$E2E/postgres/deploy" "${@/#/pg}"
}

remove_servers() { kc delete deployments,services --namespace=databases "${@/#/pg}" > /dev/null; }

# server_archive MAJOR: the image's archive.
server_archive() (
  for part in cluster.d/{settings,cgroup,binaries} image.d/{debian,servers}; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  postgres_image "$1"
)

# new_database SERVER NAME [OWNER PASSWORD]: an empty database, made anew, owned by a login role (default: NAME, "secret").
new_database() {
  local server=$1 name=$2 owner=${3:-$2} password=${4:-secret}
  psql_as_admin "$server" postgres "DROP DATABASE IF EXISTS \"$name\" WITH (FORCE)"
  if [[ $(psql_as_admin "$server" postgres "SELECT count(*) FROM pg_roles WHERE rolname = '$owner'") == 0 ]]; then
    psql_as_admin "$server" postgres "CREATE ROLE \"$owner\" LOGIN"
  fi
  psql_as_admin "$server" postgres "ALTER ROLE \"$owner\" LOGIN PASSWORD '$password'"
  psql_as_admin "$server" postgres "CREATE DATABASE \"$name\" OWNER \"$owner\""
}

# condition NAMESPACE NAME TYPE: "True Reason" of a TuneTrailDatabase; nothing when it has none.
condition() {
  kc get tunetraildatabase "$2" --namespace="$1" \
    --output="jsonpath={range .status.conditions[?(@.type=='$3')]}{.status} {.reason}{end}"
}

# condition_message NAMESPACE NAME TYPE
condition_message() {
  kc get tunetraildatabase "$2" --namespace="$1" --output="jsonpath={.status.conditions[?(@.type=='$3')].message}"
}

# condition_is NAMESPACE NAME TYPE "STATUS REASON": for await; prints what it is when it is something else.
condition_is() {
  local actual
  actual=$(condition "$1" "$2" "$3")
  echo "$3 is '$actual': $(condition_message "$1" "$2" "$3")"
  [[ $actual == "$4" ]]
}

# status NAMESPACE NAME JSONPATH: for example `status "$NAMESPACE" karaoke .migrationVersion`.
status() { kc get tunetraildatabase "$2" --namespace="$1" --output="jsonpath={.status$3}"; }

# is_ready NAMESPACE NAME: Ready, for the generation that was applied last.
is_ready() {
  local generations
  generations=$(kc get tunetraildatabase "$2" --namespace="$1" \
    --output="jsonpath={.metadata.generation} {.status.observedGeneration}")
  echo "generation and observed generation are $generations; Ready: $(condition_message "$1" "$2" Ready)"
  [[ ${generations% *} == "${generations#* }" && $(condition "$1" "$2" Ready) == True* ]]
}
