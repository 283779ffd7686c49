# What a machine needs before a cluster can start: Debian packages, the Kubernetes program, containerd, CoreDNS, the pause image.
# Built once per machine into the cache, under a lock.
# shellcheck shell=bash

COREDNS_MODULE=github.com/coredns/coredns@v1.14.7
CONTAINERD_MODULE=github.com/containerd/containerd/v2
CONTAINERD_VERSION=v2.4.2 # Debian's mounts no images as volumes
CONTAINERD_PROGRAMS=(containerd containerd-shim-runc-v2 ctr)
KUBE_PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)

# program-or-file → Debian package
declare -A PACKAGE_OF=(
  [runc]=runc [/usr/lib/cni/ptp]=containernetworking-plugins [iptables]=iptables
  [conntrack]=conntrack [socat]=socat [openssl]=openssl [ip]=iproute2 [sysctl]=procps [nsenter]=util-linux
  [python3]=python3 [mmdebstrap]=mmdebstrap [/etc/ssl/certs/ca-certificates.crt]=ca-certificates
)

prepare_machine() {
  [[ $EUID == 0 ]] || die "a cluster needs root: network namespaces, mounts and cgroups"
  mkdir -p "$BINARIES" "$IMAGES"
  install_missing_packages
  if ! has_binaries; then with_cache_locked build_missing_binaries; fi
}

with_cache_locked() {
  (
    flock --nonblock 7 || {
      say "waiting for another process that is preparing $CACHE"
      flock 7
    }
    "$@"
  ) 7> "$CACHE/lock"
}

# built_once FILE BUILD ARGUMENT...: prints FILE, which "BUILD FILE ARGUMENT..." makes where it is missing; of several processes
# that need it one makes it.
built_once() {
  if [[ ! -f $1 ]]; then with_cache_locked build_if_missing "$@"; fi
  echo "$1"
}

# image_archive NAME RECIPE: where an image's archive is kept; RECIPE is a digest of all that it depends on.
image_archive() { echo "$IMAGES/$(tr '/:' '--' <<< "$1")-$2.tar"; }

build_if_missing() {
  if [[ ! -f $1 ]]; then "$2" "$1" "${@:3}"; fi
}

missing_packages() {
  local program
  for program in "${!PACKAGE_OF[@]}"; do
    if [[ ! -e $program ]] && ! command -v "$program" > /dev/null; then echo "${PACKAGE_OF[$program]}"; fi
  done
}

install_missing_packages() {
  if [[ -n $(missing_packages) ]]; then with_cache_locked apt_install_missing; fi
}

apt_install_missing() {
  local packages
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} == 0)); then return; fi
  say "installing Debian packages: ${packages[*]}"
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
  } >&2
}

has_kube() { [[ $(cat "$BINARIES/kube.version" 2> /dev/null) == "$(kube_version)" ]]; }
has_containerd() { [[ $(cat "$BINARIES/containerd.version" 2> /dev/null) == "$CONTAINERD_VERSION" ]]; }
has_binaries() { has_kube && has_containerd && [[ -x $BINARIES/coredns && -f $IMAGES/pause.tar ]]; }

# Looks again at each, for another process may have built it while this one waited for the lock.
build_missing_binaries() {
  export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
  if ! has_kube; then build_kube; fi
  if ! has_containerd; then build_containerd; fi
  if [[ ! -x $BINARIES/coredns ]]; then build_coredns; fi
  if [[ ! -f $IMAGES/pause.tar ]]; then build_pause_image; fi
}

# Read from go.mod, so that a cluster in the cache needs no Go.
kube_version() { awk '$1 == "k8s.io/kubernetes" && $2 != "=>" {print $2; exit}' "$PARTS/kube/go.mod"; }

build_kube() {
  local version package program flags="-s -w"
  version=$(kube_version)
  require_go
  say "building Kubernetes $version (about 8 minutes on 2 cores, once per machine)"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<< "$version")"
    flags+=" -X $package.gitTreeState=clean"
  done
  rm -f "$BINARIES/kube.version"
  (cd "$PARTS/kube" && go build -trimpath -ldflags "$flags" -o "$BINARIES/kube.new" .) >&2
  mv "$BINARIES/kube.new" "$BINARIES/kube"
  for program in "${KUBE_PROGRAMS[@]}"; do ln -sf kube "$BINARIES/$program"; done
  echo "$version" > "$BINARIES/kube.version"
}

# Without the file systems that no node of ours has, and without what needs C.
build_containerd() {
  local program packages=()
  require_go
  say "building containerd $CONTAINERD_VERSION (about 1 minute on 2 cores, once per machine)"
  for program in "${CONTAINERD_PROGRAMS[@]}"; do packages+=("$CONTAINERD_MODULE/cmd/$program@$CONTAINERD_VERSION"); done
  rm -f "$BINARIES/containerd.version"
  GOBIN=$BINARIES/new go install -trimpath -ldflags "-s -w -X $CONTAINERD_MODULE/version.Version=$CONTAINERD_VERSION" \
    -tags 'no_btrfs no_devmapper no_zfs osusergo netgo static_build urfave_cli_no_docs' "${packages[@]}" >&2
  for program in "${CONTAINERD_PROGRAMS[@]}"; do mv "$BINARIES/new/$program" "$BINARIES/$program"; done
  rmdir "$BINARIES/new"
  echo "$CONTAINERD_VERSION" > "$BINARIES/containerd.version"
}

build_coredns() {
  require_go
  say "building CoreDNS"
  GOBIN=$BINARIES/new go install -ldflags '-s -w' "$COREDNS_MODULE" >&2
  mv "$BINARIES/new/coredns" "$BINARIES/coredns"
  rmdir "$BINARIES/new"
}

build_pause_image() {
  local root
  require_go
  root=$(mktemp -d)
  (cd "$PARTS/pause" && go build -trimpath -ldflags '-s -w' -o "$root/pause" .) >&2
  "$E2E/oci-archive" build localhost/pause:1 "$IMAGES/pause.tar" --layer "$root" --entrypoint '["/pause"]' >&2
  rm -rf "$root"
}

require_go() {
  if ! command -v go > /dev/null; then PATH=$PATH:/usr/local/go/bin; fi
  command -v go > /dev/null || die "building the cluster needs Go 1.26.6 or newer on the PATH"
}
