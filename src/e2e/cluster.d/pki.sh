# The cluster's certificate authorities, certificates and kubeconfigs.
# shellcheck shell=bash

INSIDE_API=https://127.0.0.1:6443

make_pki() {
  mkdir -p "$PKI" "$ETC"
  if [[ ! -f $PKI/complete ]]; then
    make_certificates
    touch "$PKI/complete"
  fi
  make_kubeconfig admin "https://127.0.0.1:$CLUSTER_PORT" admin > "$ADMIN_KUBECONFIG"
  local user
  for user in controller-manager scheduler proxy coredns node; do
    make_kubeconfig "$user" "$INSIDE_API" "$user" > "$ETC/$user.kubeconfig"
  done
  chmod 600 "$ETC"/*.kubeconfig
}

make_certificates() {
  local api_names=localhost service
  for service in kubernetes{,.default{,.svc{,.cluster.local}}}; do api_names+=",DNS:$service"; done
  certificate_authority ca kubernetes-ca
  certificate_authority front-proxy-ca front-proxy-ca
  service_account_key
  certificate ca apiserver /CN=kube-apiserver "DNS:$api_names,IP:127.0.0.1,IP:$API_SERVICE_ADDRESS,IP:$NODE_ADDRESS"
  certificate ca apiserver-kubelet-client /O=system:masters/CN=apiserver-kubelet-client
  certificate ca admin /O=system:masters/CN=admin
  certificate ca controller-manager /CN=system:kube-controller-manager DNS:localhost,IP:127.0.0.1
  certificate ca scheduler /CN=system:kube-scheduler DNS:localhost,IP:127.0.0.1
  certificate ca proxy /CN=system:kube-proxy
  certificate ca coredns /O=system:masters/CN=coredns
  certificate ca node "/O=system:nodes/CN=system:node:$NODE" "DNS:localhost,DNS:$NODE,IP:127.0.0.1,IP:$NODE_ADDRESS"
  certificate front-proxy-ca front-proxy-client /CN=front-proxy
}

certificate_authority() {
  local file=$1 name=$2
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -keyout "$PKI/$file.key" -out "$PKI/$file.crt" -subj "/CN=$name" 2> /dev/null
}

service_account_key() {
  openssl genrsa -out "$PKI/service-account.key" 2048 2> /dev/null
  openssl rsa -in "$PKI/service-account.key" -pubout -out "$PKI/service-account.pub" 2> /dev/null
}

# certificate CA FILE SUBJECT [ALTERNATIVE-NAMES]
certificate() {
  local ca=$1 file=$2 subject=$3 names=${4:-}
  # RSA in PKCS#1: the fabric8 client reads no EC key in PKCS#8.
  openssl genrsa -traditional -out "$PKI/$file.key" 2048 2> /dev/null
  openssl req -new -key "$PKI/$file.key" -subj "$subject" |
    openssl x509 -req -days 3650 -CA "$PKI/$ca.crt" -CAkey "$PKI/$ca.key" -CAcreateserial \
      -out "$PKI/$file.crt" -extfile <(extensions "$names") 2> /dev/null
}

extensions() {
  echo extendedKeyUsage=serverAuth,clientAuth
  if [[ -n $1 ]]; then echo "subjectAltName=$1"; fi
}

make_kubeconfig() {
  local user=$1 server=$2 certificate=$3
  cat << YAML
apiVersion: v1
kind: Config
clusters: [{name: cluster, cluster: {server: "$server", certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")}}]
users: [{name: $user, user: {client-certificate-data: $(base64 -w0 "$PKI/$certificate.crt"), client-key-data: $(base64 -w0 "$PKI/$certificate.key")}}]
contexts: [{name: cluster, context: {cluster: cluster, user: $user}}]
current-context: cluster
YAML
}
