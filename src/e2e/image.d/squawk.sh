# Squawk, which analyses planned SQL: the program of the package that squawk.txt pins by version and checksum.
# shellcheck shell=bash

SQUAWK=/usr/bin/squawk

# Prints the path of its layer; built once for what this file and squawk.txt say.
squawk_layer() {
  local key
  key=$(cat "$E2E"/image.d/squawk.{sh,txt} | sha256sum | cut -c1-16)
  built_once "$LAYERS/squawk-$key.tar" build_squawk
}

# The package is only unpacked: its program needs no Python.
build_squawk() {
  local layer=$1 scratch
  say "fetching squawk"
  scratch=$(mktemp -d)
  debian_rootfs "$scratch/packages.tar" "$BASE_SUITE" --variant=extract --include=python3-pip-whl
  tar -xf "$scratch/packages.tar" -C "$scratch" ./usr/share/python-wheels
  python3 "$(echo "$scratch"/usr/share/python-wheels/pip-*.whl)/pip" download --quiet --disable-pip-version-check \
    --no-deps --only-binary=:all: --require-hashes --dest="$scratch" \
    --requirement="$E2E/image.d/squawk.txt" >&2
  python3 -m zipfile --extract "$scratch"/squawk_cli-*.whl "$scratch/wheel"
  install -D --mode=755 "$scratch"/wheel/squawk_cli-*.data/scripts/squawk "$scratch/root$SQUAWK"
  "$E2E/oci-archive" pack "$scratch/root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}
