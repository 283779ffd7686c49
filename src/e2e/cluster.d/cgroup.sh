# The cluster's own cgroup: the kernel's record of which processes belong to it, and a root for its pods that the
# kubelet of another cluster on this machine doesn't clean up as orphans.
# shellcheck shell=bash

CGROUP_PREFIX=/tunetrail-cluster-
CLUSTER_CGROUP=$CGROUP_PREFIX$CLUSTER_NETNS

is_cgroup_v2() { [[ -f /sys/fs/cgroup/cgroup.controllers ]]; }

cgroup_hierarchies() { awk '$2 ~ "^/sys/fs/cgroup" && $3 ~ /^cgroup2?$/ {print $2}' /proc/mounts; }

# tracking_cgroup [NETNS]: where the processes of a cluster, by default this one, are listed.
tracking_cgroup() {
  local cgroup=$CGROUP_PREFIX${1:-$CLUSTER_NETNS}
  if is_cgroup_v2; then
    echo "/sys/fs/cgroup$cgroup"
  else
    echo "/sys/fs/cgroup/pids$cgroup"
  fi
}

make_cgroup() {
  local hierarchy
  while read -r hierarchy; do
    mkdir -p "$hierarchy$CLUSTER_CGROUP"
    if [[ -f $hierarchy/cpuset.cpus && ! -f $hierarchy/cgroup.controllers ]]; then
      cat "$hierarchy/cpuset.cpus" > "$hierarchy$CLUSTER_CGROUP/cpuset.cpus"
      cat "$hierarchy/cpuset.mems" > "$hierarchy$CLUSTER_CGROUP/cpuset.mems"
    fi
  done < <(cgroup_hierarchies)
  if is_cgroup_v2; then delegate_controllers; fi
}

delegate_controllers() {
  local controller
  for controller in cpu cpuset memory pids; do
    echo "+$controller" > /sys/fs/cgroup/cgroup.subtree_control
    echo "+$controller" > "/sys/fs/cgroup$CLUSTER_CGROUP/cgroup.subtree_control"
  done
}

cgroup_processes() {
  local root
  root=$(tracking_cgroup)
  if [[ -d $root ]]; then
    find "$root" -name cgroup.procs -exec cat {} + 2> /dev/null | grep -vx 0 || true
  fi
}

# Ends all that is left: pods, their shims, forked children. Never a process outside the cluster's cgroup.
kill_cgroup() {
  local attempt processes
  for ((attempt = 0; attempt < 100; attempt++)); do
    processes=$(cgroup_processes)
    if [[ -z $processes ]]; then return; fi
    xargs -r kill -KILL <<< "$processes" 2> /dev/null || true
    sleep 0.1
  done
  die "processes of $CLUSTER_CGROUP survive SIGKILL: $(tr '\n' ' ' <<< "$processes")"
}

remove_cgroup() {
  local hierarchy
  while read -r hierarchy; do
    if [[ -d $hierarchy$CLUSTER_CGROUP ]]; then
      find "$hierarchy$CLUSTER_CGROUP" -depth -type d -exec rmdir {} \; 2> /dev/null || true
    fi
  done < <(cgroup_hierarchies)
}
