# How Argo CD and Flux see objects, by their own interpreters, beside lib.sh. Built once for what the sources say.
#
#   health check FILE, health show     see main.go; LUA names the ConfigMap
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/binaries.sh"

LUA=$ROOT/deploy/gitops/argocd/argocd-cm.yaml

build_health() {
  require_go
  say "building what tells how Argo CD and Flux see objects"
  (cd "$E2E/health" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -trimpath -ldflags '-s -w' -o "$1.new" .) >&2
  mv "$1.new" "$1"
}

HEALTH=$(built_once "$BINARIES/health-$(cat "$E2E"/health/*.go "$E2E"/health/go.* | sha256sum | cut -c1-16)" build_health)

health() { "$HEALTH" -lua "$LUA" -flux "$ROOT/examples/gitops/flux.yaml" "$@"; }

# seen NAME: "ARGOCD KSTATUS FLUX" of a TuneTrailDatabase, then Argo CD's message.
seen() {
  kc get tunetraildatabase "$1" --namespace="$NAMESPACE" --output=json |
    jq '{apiVersion: "v1", kind: "List", items: [.]}' | health show | cut -d' ' -f3-
}

# seen_as NAME "ARGOCD KSTATUS FLUX": for await.
seen_as() {
  local actual
  actual=$(seen "$1")
  echo "$actual"
  [[ $actual == "$2"* ]]
}
