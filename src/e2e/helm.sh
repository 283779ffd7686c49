# Helm, as its module has it, built once per machine. Sourced after lib.sh; `helm ARGUMENT...` runs it on the cluster.
# shellcheck shell=bash

HELM_MODULE=helm.sh/helm/v4/cmd/helm@v4.3.1

# Prints the program's path.
helm_program() (
  for part in cluster.d/{settings,cgroup,binaries}; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  mkdir -p "$BINARIES"
  built_once "$BINARIES/helm-${HELM_MODULE##*@}" build_helm
)

build_helm() {
  local into
  require_go
  say "building Helm (about 4 minutes on 2 cores, once per machine)"
  into=$(mktemp -d)
  CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOBIN=$into go install -trimpath -ldflags '-s -w' "$HELM_MODULE" >&2
  mv "$into/helm" "$1"
  rmdir "$into"
}

HELM=$(helm_program)
HELM_FILES=$(mktemp -d)
export HELM_CACHE_HOME=$HELM_FILES/cache HELM_CONFIG_HOME=$HELM_FILES/config HELM_DATA_HOME=$HELM_FILES/data

helm() { "$HELM" --kubeconfig="$E2E_KUBECONFIG" --namespace="$OPERATOR_NAMESPACE" "$@"; }
