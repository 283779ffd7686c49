# What must stand before anything is proved or measured on a cluster: images, cluster, PostgreSQL, the installed operator.
# Sourced; afterwards `prepare_cluster` leaves lib.sh sourced and E2E_KUBECONFIG set.
#
#   APP_DIR, OUT      see image
#   DEPLOY            the kustomization to install (default: deploy/dev)
#   E2E_CLUSTER=external, E2E_LOAD   see cluster and load
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$E2E/../.." && pwd)
RESULTS=$ROOT/target/e2e
DEPLOY=${DEPLOY:-$ROOT/deploy/dev}
export APP_DIR=${APP_DIR:-$ROOT/target}
export OUT=${OUT:-$ROOT/target/image.tar}

say() { echo "$*" >&2; }

prepare_cluster() {
  mkdir -p "$RESULTS"
  build_images
  E2E_KUBECONFIG=$("$E2E/cluster" up)
  export E2E_KUBECONFIG
  # shellcheck source=/dev/null
  source "$E2E/lib.sh"
  load_images
  "$E2E/postgres/deploy"
  install_operator
}

build_images() {
  if [[ ! -f $APP_DIR/tunetrail-operator.jar ]]; then
    say "building the application"
    (cd "$ROOT" && mvn --batch-mode --quiet -DskipTests package) >&2
  fi
  "$E2E/image" > /dev/null
  "$E2E/test-images" > "$RESULTS/test-images.list"
}

load_images() {
  local archives
  mapfile -t archives < "$RESULTS/test-images.list"
  "$E2E/load" "$OUT" "${archives[@]}"
}

install_operator() {
  local digest
  kc apply --kustomize="$DEPLOY" > "$RESULTS/install.log"
  prepare_settings
  # The tag stays the same when the image changes, so only the digest makes Kubernetes replace the pod.
  digest=$("$E2E/oci-archive" digest "$OUT" | cut -d' ' -f2)
  kc patch deployment tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --type=strategic \
    --patch="$(operator_patch "$digest")" >&2
  if ! kc rollout status deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --timeout=180s >&2; then
    dump "$OPERATOR_NAMESPACE" "$RESULTS/install"
    tail -n 20 "$RESULTS/install.operator.log" >&2 || true
    say "error: the operator does not become ready; see $RESULTS/install.*"
    exit 1
  fi
  earlier_pods_are_gone
}

# operator_patch DIGEST
operator_patch() {
  cat << YAML
spec:
  template:
    metadata: {annotations: {tunetrail.io/image-digest: "$1"}}
    spec:
      containers:
        - name: operator
          env: $(operator_settings)
YAML
}

# What the operator has besides its defaults; who sources this may say otherwise.
operator_settings() { echo '[]'; }

# What must be there before the operator starts with its settings.
prepare_settings() { :; }

# A scenario that counts the operator's pods must not find one that is still ending.
earlier_pods_are_gone() {
  local pod
  for pod in $(kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={.items[?(@.metadata.deletionTimestamp)].metadata.name}'); do
    kc wait pod "$pod" --namespace="$OPERATOR_NAMESPACE" --for=delete --timeout=180s >&2
  done
}

# dump NAMESPACE PREFIX: what one needs to see after a failure, in files that start with PREFIX.
dump() {
  local namespace=$1 prefix=$2
  kc logs deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" --tail=2000 > "$prefix.operator.log" 2>&1 || true
  kc get events --all-namespaces --sort-by=.lastTimestamp > "$prefix.events.txt" 2>&1 || true
  kc get pods --all-namespaces --output=wide > "$prefix.pods.txt" 2>&1 || true
  kc describe tunetraildatabases,tunetrailrestores,jobs,pods --namespace="$namespace" > "$prefix.describe.txt" 2>&1 || true
  dump_pod_logs "$namespace" > "$prefix.pod-logs.txt" 2>&1 || true
}

dump_pod_logs() {
  local pod
  for pod in $(kc get pods --namespace="$1" --output=name); do
    echo "== $pod"
    kc logs --namespace="$1" "$pod" --all-containers --tail=200
  done
}
