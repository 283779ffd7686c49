# Names and places of one cluster. A second cluster on the same machine needs its own CLUSTER_HOME, CLUSTER_NETNS and CLUSTER_PORT.
# shellcheck shell=bash disable=SC2034

# Else a failure inside $(...) would go unnoticed.
shopt -s inherit_errexit

CACHE=${TUNETRAIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tunetrail-cluster}
BINARIES=$CACHE/bin
IMAGES=$CACHE/images

CLUSTER_HOME=${CLUSTER_HOME:-$CACHE/home}
CLUSTER_NETNS=${CLUSTER_NETNS:-tunetrail}
CLUSTER_PORT=${CLUSTER_PORT:-6443}

RUN=$CLUSTER_HOME/run
LOGS=$CLUSTER_HOME/log
ETC=$CLUSTER_HOME/etc
PKI=$CLUSTER_HOME/pki

NODE=node
NODE_ADDRESS=10.200.0.1
API_SERVICE_ADDRESS=10.96.0.1
SERVICE_RANGE=10.96.0.0/16
POD_RANGE=10.244.0.0/24

ADMIN_KUBECONFIG=$ETC/admin.kubeconfig
CONTAINERD_SOCKET=$RUN/containerd/containerd.sock

is_external() { [[ ${E2E_CLUSTER:-} == external ]]; }

say() { echo "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# Runs a command in the cluster's network; `ip netns exec` would hide the cgroup mounts that the kubelet needs.
inside() { nsenter --net="/run/netns/$CLUSTER_NETNS" "$@"; }

admin_kubectl() { "$BINARIES/kubectl" --kubeconfig="$ADMIN_KUBECONFIG" "$@"; }

# The images and containers that the kubelet sees. That the machine has cgroup v1 is not for each call to say.
node_containerd() {
  CONTAINERD_SUPPRESS_DEPRECATION_WARNINGS=true "$BINARIES/ctr" --address "$CONTAINERD_SOCKET" --namespace k8s.io "$@"
}

# Fills a template's @NAMES@ from this cluster's settings.
render() {
  sed -e "s#@HOME@#$CLUSTER_HOME#g" -e "s#@BINARIES@#$BINARIES#g" -e "s#@CGROUP@#$CLUSTER_CGROUP#g" \
    -e "s#@NODE@#$NODE#g" -e "s#@NODE_ADDRESS@#$NODE_ADDRESS#g" -e "s#@POD_RANGE@#$POD_RANGE#g" "$1"
}
