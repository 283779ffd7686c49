# A registry on the cluster, over TLS: registry.example.org asks nobody who it is, private.example.org has the same images for
# reader with password "secret". Both names are the node's alone, by containerd's settings. For a scenario, after lib.sh:
#
#   deploy_registry                      # an empty one
#   push "$archive" sql/radio:1          # an OCI archive; it keeps the digest that it has
#   forget_images sql/radio              # the node pulls them anew
#   remove_registry
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"

REGISTRY=$E2E/registry
REGISTRY_ADDRESS=10.96.0.50
declare -A REGISTRY_PORT=([registry.example.org]=5000 [private.example.org]=5001)
REGISTRY_HOSTS=$ETC/registries

deploy_registry() {
  install_skopeo
  kc delete namespace registry --ignore-not-found --wait --timeout=360s > /dev/null
  kc create namespace registry > /dev/null
  kc label namespace registry pod-security.kubernetes.io/enforce=restricted > /dev/null
  make_registry_secrets
  sed "s/@ADDRESS@/$REGISTRY_ADDRESS/" "$REGISTRY/registry.yaml" | in_registry apply --filename=- > /dev/null
  in_registry rollout status deployment/registry --timeout=180s > /dev/null
  await 30 "the registry is reached from the node" registry_is_reached
  tell_containerd
}

remove_registry() { kc delete namespace registry --wait=false > /dev/null; }

registry_is_reached() {
  local port
  for port in "${REGISTRY_PORT[@]}"; do inside bash -c "exec 3<> /dev/tcp/$REGISTRY_ADDRESS/$port" || return 1; done
}

in_registry() { kc --namespace=registry "$@"; }

install_skopeo() {
  if command -v skopeo > /dev/null; then return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends skopeo > /dev/null
}

make_registry_secrets() {
  local folder
  folder=$(mktemp -d)
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout "$folder/tls.key" -out "$folder/tls.crt" \
    -subj /CN=registry -addext "subjectAltName=IP:$REGISTRY_ADDRESS" 2> /dev/null
  # shellcheck disable=SC2016
  in_registry create secret generic registry-users \
    --from-literal=htpasswd="reader:$(perl -e 'print crypt("secret", q($2b$05$) . shift)' "$(openssl rand -hex 11)")" > /dev/null
  in_registry create secret tls registry-tls --cert="$folder/tls.crt" --key="$folder/tls.key" > /dev/null
  rm -rf "$folder"
}

registry_ca() { in_registry get secret registry-tls --output='jsonpath={.data.tls\.crt}' | base64 -d; }

# Read at each pull.
tell_containerd() {
  local host
  grep -q 'io.containerd.cri.v1.images' "$ETC/containerd.toml" || fail "the cluster was started by an older version; src/e2e/cluster down"
  for host in "${!REGISTRY_PORT[@]}"; do
    mkdir -p "$REGISTRY_HOSTS/$host"
    registry_ca > "$REGISTRY_HOSTS/$host/ca.crt"
    cat > "$REGISTRY_HOSTS/$host/hosts.toml" << TOML
server = "https://$REGISTRY_ADDRESS:${REGISTRY_PORT[$host]}"
capabilities = ["pull", "resolve"]
ca = "$REGISTRY_HOSTS/$host/ca.crt"
TOML
  done
}

# push ARCHIVE REPOSITORY:TAG
push() {
  inside skopeo copy --quiet --insecure-policy --preserve-digests --dest-cert-dir="$REGISTRY_HOSTS/registry.example.org" \
    "oci-archive:$1" "docker://$REGISTRY_ADDRESS:${REGISTRY_PORT[registry.example.org]}/$2"
}

# forget_images REPOSITORY...: of both registries, as on a node that never had them.
forget_images() {
  local host repository name
  for host in "${!REGISTRY_PORT[@]}"; do
    for repository in "$@"; do
      for name in $(node_containerd images ls --quiet "name~=^$host/$repository[:@]"); do
        node_containerd images rm --sync "$name" > /dev/null
      done
    done
  done
}

# pull_secret NAME: a Secret with reader's password for private.example.org, as YAML.
pull_secret() {
  kc create secret docker-registry "$1" --docker-server=private.example.org --docker-username=reader --docker-password=secret \
    --dry-run=client --output=yaml | sed '1i ---'
}

# was_asked_for PATTERN: a line of the registry's own log matches the extended regular expression.
was_asked_for() { in_registry logs deployment/registry --all-containers --tail=-1 | grep -E "$1" > /dev/null; }
