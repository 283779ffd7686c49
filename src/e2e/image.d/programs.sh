# Single programs of Debian's packages, for images that hold little else.
# shellcheck shell=bash

PROGRAM_PACKAGES=docker-registry,busybox-static
PROGRAM_PATHS=(./usr/bin/docker-registry ./bin/busybox)

# Prints the path of an archive with these programs; built once for what this file says.
programs() {
  local key
  key=$(cat "$E2E"/image.d/{programs,debian}.sh | sha256sum | cut -c1-16)
  built_once "$LAYERS/programs-$key.tar" extract_programs
}

extract_programs() {
  local archive=$1 scratch
  say "extracting $PROGRAM_PACKAGES"
  scratch=$(mktemp -d)
  debian_rootfs "$scratch/packages.tar" "$BASE_SUITE" --variant=extract --include="$PROGRAM_PACKAGES"
  mkdir "$scratch/root"
  tar -xf "$scratch/packages.tar" -C "$scratch/root" "${PROGRAM_PATHS[@]}"
  "$E2E/oci-archive" pack "$scratch/root" "$archive.new"
  mv "$archive.new" "$archive"
  rm -rf "$scratch"
}
