# What clusters on one machine share: the names in use, and the kernel settings that a kubelet changes for all.
# shellcheck shell=bash

CLAIMS=/run/tunetrail-cluster
KUBELET_SYSCTLS=(vm.overcommit_memory kernel.panic kernel.panic_on_oops)

with_claims_locked() {
  mkdir -p "$CLAIMS/clusters"
  (
    flock 8
    drop_stale_claims
    "$@"
  ) 8> "$CLAIMS/lock"
}

# A cluster that went with a reboot has no cgroup any more.
drop_stale_claims() {
  local name
  for name in $(ls "$CLAIMS/clusters"); do
    if [[ ! -d $(tracking_cgroup "$name") ]]; then rm -f "$CLAIMS/clusters/$name"; fi
  done
}

claim() { with_claims_locked claim_locked; }
release_claim() { with_claims_locked release_claim_locked; }
require_own_names() { with_claims_locked require_own_names_locked; }

# A home and a network namespace belong to each other as long as the cluster is up; with another's name `down` would miss its processes.
require_own_names_locked() {
  local mine=$CLAIMS/clusters/$CLUSTER_NETNS owner other
  owner=$(cat "$mine" 2> /dev/null || true)
  if [[ -n $owner && $owner != "$CLUSTER_HOME" && -n $(cgroup_processes) ]]; then
    die "network namespace $CLUSTER_NETNS is in use by the cluster in $owner; set CLUSTER_NETNS to another name"
  fi
  other=$(grep -lxF -- "$CLUSTER_HOME" "$CLAIMS"/clusters/* 2> /dev/null | grep -vxF "$mine" | head -n 1 || true)
  if [[ -n $other ]]; then
    die "$CLUSTER_HOME is the cluster in network namespace ${other##*/}; set CLUSTER_NETNS=${other##*/}, or CLUSTER_HOME to another folder"
  fi
}

claim_locked() {
  require_own_names_locked
  make_cgroup
  if [[ ! -f $CLAIMS/sysctl.saved ]]; then
    sysctl "${KUBELET_SYSCTLS[@]}" > "$CLAIMS/sysctl.saved"
  fi
  echo "$CLUSTER_HOME" > "$CLAIMS/clusters/$CLUSTER_NETNS"
}

release_claim_locked() {
  rm -f "$CLAIMS/clusters/$CLUSTER_NETNS"
  if [[ -z $(ls "$CLAIMS/clusters") && -f $CLAIMS/sysctl.saved ]]; then
    sysctl -q -p "$CLAIMS/sysctl.saved"
    rm -f "$CLAIMS/sysctl.saved"
  fi
}
