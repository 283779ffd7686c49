# The image's lowest layer: of Debian's packages just what a JVM needs, with the locale in which texts are UTF-8; no shell
# and no package manager.
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$E2E/image.d/packages.sh"

BASE_SUITE=bookworm
BASE_PACKAGES=libc6,libc-bin,zlib1g,ca-certificates,tzdata
BASE_PATHS=(./lib/*-linux-gnu ./lib64 ./usr/share/ca-certificates ./usr/share/zoneinfo ./usr/lib/locale)

# Prints the path of the base layer; built once for what this file says.
base_layer() {
  local key
  key=$(cat "$E2E"/image.d/{base.sh,packages,packages.sh} | sha256sum | cut -c1-16)
  built_once "$LAYERS/base-$key.tar" build_base
}

build_base() {
  local layer=$1 scratch
  say "building the base root filesystem"
  scratch=$(mktemp -d)
  debian_rootfs "$scratch/packages.tar" "$BASE_SUITE" --variant=extract --include="$BASE_PACKAGES" "$WITH_PACKAGES_LIST"
  mkdir "$scratch/root"
  tar -xf "$scratch/packages.tar" -C "$scratch/root" --wildcards "${BASE_PATHS[@]}"
  tar -xf "$scratch/packages.tar" -C "$scratch" ./packages.list
  note_packages "$scratch/packages.list" "$scratch/root" base
  add_trust_store "$scratch/root"
  add_user "$scratch/root"
  (cd "$scratch/root" && rm -rf usr/share/zoneinfo/{right,posix} && mkdir -p dev proc sys run && mkdir -m 1777 tmp)
  "$E2E/oci-archive" pack "$scratch/root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}

# The bundle that the package's own configuration would write.
add_trust_store() {
  mkdir -p "$1/etc/ssl/certs"
  find "$1/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat > "$1/etc/ssl/certs/ca-certificates.crt"
}

add_user() {
  printf '%s\n' root:x:0:0:root:/:/sbin/nologin tunetrail:x:65532:65532:tunetrail:/tmp:/sbin/nologin > "$1/etc/passwd"
  printf '%s\n' root:x:0: tunetrail:x:65532: > "$1/etc/group"
  echo "hosts: files dns" > "$1/etc/nsswitch.conf"
}
