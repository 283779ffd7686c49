# etcd, the API server and its way out of the network namespace, the controller manager and the scheduler.
# shellcheck shell=bash

start_control_plane() {
  start_etcd
  await_component etcd 60 etcd_is_healthy
  start_apiserver
  publish_api
  await_component kube-apiserver 120 admin_kubectl get --raw=/readyz
  start_controller_manager # exits when it starts before the API server is ready
  start_scheduler
}

start_etcd() {
  start_inside etcd "$BINARIES/etcd" --name=etcd --data-dir="$RUN/etcd" --log-level=warn --unsafe-no-fsync \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
    --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
    --initial-cluster=etcd=http://127.0.0.1:2380
}

etcd_is_healthy() {
  # shellcheck disable=SC2016
  inside bash -c 'exec 3<> /dev/tcp/127.0.0.1/2379; printf "GET /health HTTP/1.0\r\n\r\n" >&3; grep -q "\"health\":\"true\"" <&3'
}

start_apiserver() {
  start_inside kube-apiserver "$BINARIES/kube-apiserver" --v=1 \
    --etcd-servers=http://127.0.0.1:2379 \
    --bind-address=0.0.0.0 --secure-port=6443 --advertise-address="$NODE_ADDRESS" \
    --service-cluster-ip-range="$SERVICE_RANGE" --allow-privileged=true \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --client-ca-file="$PKI/ca.crt" --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" \
    --kubelet-certificate-authority="$PKI/ca.crt" \
    --kubelet-client-certificate="$PKI/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$PKI/apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types=InternalIP,Hostname \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$PKI/service-account.pub" \
    --service-account-signing-key-file="$PKI/service-account.key" \
    --requestheader-client-ca-file="$PKI/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$PKI/front-proxy-client.crt" --proxy-client-key-file="$PKI/front-proxy-client.key"
}

# A unix socket crosses the network namespace, so that this machine's loopback reaches the API without a link between the two.
publish_api() {
  local socket=$RUN/api.sock
  if ! is_running api-socket; then rm -f "$socket"; fi
  start_inside api-socket socat "UNIX-LISTEN:$socket,fork" TCP4:127.0.0.1:6443
  start api-port socat "TCP4-LISTEN:$CLUSTER_PORT,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$socket"
  await_component api-socket 10 test -S "$socket"
  await_component api-port 10 port_is_published
}

port_is_published() {
  ss -Hltnp "src 127.0.0.1:$CLUSTER_PORT" | grep -q "pid=$(cat "$RUN/api-port.pid"),"
}

start_controller_manager() {
  start_inside kube-controller-manager "$BINARIES/kube-controller-manager" --v=1 \
    --kubeconfig="$ETC/controller-manager.kubeconfig" \
    --authentication-kubeconfig="$ETC/controller-manager.kubeconfig" \
    --authorization-kubeconfig="$ETC/controller-manager.kubeconfig" \
    --bind-address=127.0.0.1 --leader-elect=false --kube-api-qps=200 --kube-api-burst=400 \
    --pvclaimbinder-sync-period=2s --use-service-account-credentials=true \
    --service-account-private-key-file="$PKI/service-account.key" --root-ca-file="$PKI/ca.crt" \
    --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key" \
    --tls-cert-file="$PKI/controller-manager.crt" --tls-private-key-file="$PKI/controller-manager.key"
}

start_scheduler() {
  start_inside kube-scheduler "$BINARIES/kube-scheduler" --v=1 \
    --kubeconfig="$ETC/scheduler.kubeconfig" --authentication-kubeconfig="$ETC/scheduler.kubeconfig" \
    --authorization-kubeconfig="$ETC/scheduler.kubeconfig" \
    --bind-address=127.0.0.1 --leader-elect=false --kube-api-qps=200 --kube-api-burst=400 \
    --tls-cert-file="$PKI/scheduler.crt" --tls-private-key-file="$PKI/scheduler.key"
}
