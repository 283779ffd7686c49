# PostgreSQL's own parser for Python, as a layer of an image: pglast, which brings libpg_query along.
# shellcheck shell=bash

PARSER=pglast==8.8

# Prints the path of the layer, whose /opt/parser goes into PYTHONPATH.
parser_layer() {
  local key
  key=$(cat "$E2E"/image.d/{parser,debian}.sh | sha256sum | cut -c1-16)
  built_once "$LAYERS/parser-$key.tar" build_parser
}

build_parser() {
  local layer=$1 scratch packages
  say "building PostgreSQL's parser for Python $PYTHON_VERSION"
  scratch=$(mktemp -d)
  packages=$scratch/root/opt/parser
  mkdir -p "$packages"
  debian_rootfs "$scratch/pip.tar" "$PYTHON_SUITE" --variant=extract --include=python3-pip-whl
  tar -xf "$scratch/pip.tar" -C "$scratch" --wildcards ./usr/share/python-wheels
  python3 "$(echo "$scratch"/usr/share/python-wheels/pip-*.whl)/pip" install --quiet --root-user-action=ignore \
    --disable-pip-version-check --no-deps --no-compile --only-binary=:all: --implementation=cp \
    --python-version="$PYTHON_VERSION" --target="$packages" "$PARSER" >&2
  find "$packages" -regextype egrep -regex '.*\.(c|h|pxd|pyi|pyx)' -delete
  "$E2E/oci-archive" pack "$scratch/root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}
