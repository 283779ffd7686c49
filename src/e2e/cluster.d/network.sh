# The cluster's network namespace: no uplink, one dummy address for the node, pods by veth pairs.
# shellcheck shell=bash

make_network() {
  if [[ ! -e /run/netns/$CLUSTER_NETNS ]]; then ip netns add "$CLUSTER_NETNS"; fi
  inside ip link set lo up
  if ! inside ip link show node0 > /dev/null 2>&1; then
    inside ip link add node0 type veth peer name node0-peer
  fi
  inside ip link set node0-peer up
  inside ip address replace "$NODE_ADDRESS/32" dev node0
  inside ip link set node0 up
  inside ip route replace default dev node0
  inside sysctl -qw net.ipv4.ip_forward=1
  mkdir -p "$ETC/cni"
  render "$PARTS/cni.conflist.in" > "$ETC/cni/10-pods.conflist"
}

remove_network() {
  if [[ -e /run/netns/$CLUSTER_NETNS ]]; then ip netns delete "$CLUSTER_NETNS"; fi
}
