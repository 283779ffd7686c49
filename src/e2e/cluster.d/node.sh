# The one node: containerd, kubelet, kube-proxy, and the cluster's DNS as a process on the node's address.
# shellcheck shell=bash

start_node() {
  start_containerd
  start_kubelet
  start_proxy
  start_dns
  await_component kubelet 60 kubelet_answers
  await_component kubelet 60 admin_kubectl wait --for=condition=Ready "node/$NODE" --timeout=0s
  await_component coredns 30 dns_answers
  await_component kube-controller-manager 60 admin_kubectl --namespace=default get serviceaccount default
}

start_containerd() {
  mkdir -p "$RUN/containerd"
  render "$PARTS/containerd.toml.in" > "$ETC/containerd.toml"
  start_inside containerd "$BINARIES/containerd" --config "$ETC/containerd.toml"
  await_component containerd 60 node_containerd version
  "$E2E/load" "$IMAGES/pause.tar"
}

start_kubelet() {
  echo "nameserver 127.0.0.1" > "$ETC/resolv.conf"
  render "$PARTS/kubelet.yaml.in" > "$ETC/kubelet.yaml"
  start_inside kubelet "$BINARIES/kubelet" --v=2 --config="$ETC/kubelet.yaml" --kubeconfig="$ETC/node.kubeconfig" \
    --hostname-override="$NODE" --node-ip="$NODE_ADDRESS" --root-dir="$RUN/kubelet" --cert-dir="$RUN/kubelet-pki"
}

# After a crash the node still reads Ready for a while, so the kubelet itself is asked.
kubelet_answers() { admin_kubectl get --raw="/api/v1/nodes/$NODE/proxy/healthz"; }

start_proxy() {
  start_inside kube-proxy "$BINARIES/kube-proxy" --v=1 --kubeconfig="$ETC/proxy.kubeconfig" \
    --hostname-override="$NODE" --proxy-mode=iptables --cluster-cidr="$POD_RANGE" --conntrack-max-per-core=0 \
    --healthz-bind-address=127.0.0.1:10256 --metrics-bind-address=127.0.0.1:10249
}

start_dns() {
  render "$PARTS/Corefile.in" > "$ETC/Corefile"
  start_inside coredns "$BINARIES/coredns" -conf "$ETC/Corefile"
}

# A TCP connection is enough to know that DNS listens; that names resolve in pods is the first scenario's to prove.
dns_answers() { inside bash -c "exec 3<> /dev/tcp/$NODE_ADDRESS/53"; }

# The shims' sockets are in one folder, whatever containerd's own are, for a longer path would leave no room for their names.
remove_shim_sockets() {
  local told
  told=$(cat "$RUN"/containerd/state/io.containerd.runtime.v2.task/*/*/bootstrap.json 2> /dev/null || true)
  { grep -o '/run/containerd/s/[0-9a-f]*' <<< "$told" || true; } | xargs -r rm -f
}

unmount_node() {
  local mount_point
  while read -r mount_point; do
    umount "$mount_point" 2> /dev/null || umount --lazy "$mount_point"
  done < <(awk -v run="$RUN/" 'index($2, run) == 1 {print $2}' /proc/mounts | tac)
}
