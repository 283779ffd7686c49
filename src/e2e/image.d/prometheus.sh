# The image of Debian's Prometheus: its programs upon the operator's own base; promtool tests the rules without a cluster.
# shellcheck shell=bash

PROMETHEUS_NAME=localhost/prometheus:2.42
PROMETHEUS_PATHS=(./usr/bin/prometheus ./usr/bin/promtool)

# Prints the archive's path.
prometheus_image() {
  local recipe
  recipe=$(cat "$E2E"/image.d/{prometheus,debian,base}.sh | sha256sum | cut -c1-16)
  built_once "$(image_archive "$PROMETHEUS_NAME" "$recipe")" build_prometheus_image "$(base_layer)" "$(prometheus_layer)"
}

build_prometheus_image() {
  local archive=$1 base=$2 programs=$3
  say "building $PROMETHEUS_NAME"
  "$E2E/oci-archive" build "$PROMETHEUS_NAME" "$archive" --layer "$base" --layer "$programs" --user 65532:65532 \
    --entrypoint '["prometheus"]' >&2
}

# Prints the path of the layer with both programs; built once for what these files say.
prometheus_layer() {
  local key
  key=$(cat "$E2E"/image.d/{prometheus,debian}.sh | sha256sum | cut -c1-16)
  built_once "$LAYERS/prometheus-$key.tar" extract_prometheus
}

extract_prometheus() {
  local layer=$1 scratch
  say "fetching prometheus"
  scratch=$(mktemp -d)
  debian_rootfs "$scratch/packages.tar" "$BASE_SUITE" --variant=extract --include=prometheus
  mkdir "$scratch/root"
  tar -xf "$scratch/packages.tar" -C "$scratch/root" "${PROMETHEUS_PATHS[@]}"
  "$E2E/oci-archive" pack "$scratch/root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}
