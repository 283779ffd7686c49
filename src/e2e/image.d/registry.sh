# The image of Debian's docker-registry: the program upon the operator's own base.
# shellcheck shell=bash

REGISTRY_NAME=localhost/registry:2.8

# Prints the archive's path.
registry_image() {
  local recipe
  recipe=$(cat "$E2E"/image.d/{registry,programs,debian,base}.sh | sha256sum | cut -c1-16)
  built_once "$(image_archive "$REGISTRY_NAME" "$recipe")" build_registry_image "$(base_layer)" "$(programs)"
}

build_registry_image() {
  local archive=$1 base=$2 programs=$3 root
  say "building $REGISTRY_NAME"
  root=$(mktemp -d)
  tar -xf "$programs" -C "$root" usr/bin/docker-registry
  "$E2E/oci-archive" build "$REGISTRY_NAME" "$archive" --layer "$base" --layer "$root" --user 65532:65532 \
    --entrypoint '["docker-registry"]' >&2
  rm -rf "$root"
}
