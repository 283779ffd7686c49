# The image's last layer: each program's AOT cache, made by the image's own runtime and jars in their places. It is not
# reproducible, and the image works without it, slower.
# shellcheck shell=bash

TRAINING=$E2E/image.d/training
TRAINING_SERVER=17
# Each is 100 MB, and each change of the jar makes another.
AOT_LAYERS_KEPT=4

# aot_layer LAYER...: prints the path of the layer for an image of these; built once for them and for the training.
aot_layer() {
  local server key
  server=$(postgres_image "$TRAINING_SERVER")
  key=$({ sha256sum "$@" | cut -d' ' -f1 && cat "$E2E/image.d/aot.sh" "$TRAINING"/*.* "$TRAINING"/sql/*; } | sha256sum | cut -c1-16)
  built_once "$LAYERS/aot-$key.tar" build_aot "$server" "$@"
}

build_aot() {
  local layer=$1 server=$2 scratch lower
  say "training the AOT caches"
  shift 2
  scratch=$(mktemp -d)
  mkdir -p "$scratch"/{image,server} "$scratch/layer$APPLICATION"
  for lower in "$@"; do tar -xf "$lower" -C "$scratch/image"; done
  "$E2E/oci-archive" unpack "$server" "$scratch/server"
  train "$scratch/image" "$scratch/server" >&2
  mv "$scratch/image$APPLICATION"/{operator,runner}.aot "$scratch/layer$APPLICATION/"
  "$E2E/oci-archive" pack "$scratch/layer" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
  find "$LAYERS" -name 'aot-*.tar' -printf '%T@ %p\n' | sort -rn | tail -n "+$((AOT_LAYERS_KEPT + 1))" | cut -d' ' -f2 | xargs -r rm
}

# train IMAGE_ROOT SERVER_ROOT: with a network, mounts and processes of its own, which end with it.
train() {
  PYTHONDONTWRITEBYTECODE=1 unshare --net --mount --pid --fork --kill-child bash -euc '
    ip link set lo up
    for root in "$2" "$3"; do
      mount --bind /dev "$root/dev"
      mount -t proc proc "$root/proc"
    done
    exec python3 "$1" "$2" "$3"' - "$TRAINING" "$@"
}
