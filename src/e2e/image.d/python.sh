# The lowest layer of the applications' images: Debian's Python and a shell, and the packages of requirements.txt in a
# virtual environment; no pip and no compiler.
# shellcheck shell=bash

PYTHON_SUITE=trixie
PYTHON_VERSION=3.13
PYTHON_PACKAGES=base-files,python$PYTHON_VERSION,dash,libstdc++6,python3-pip-whl
PYTHON_PATHS=(./bin ./lib ./lib64 ./usr/bin/sh ./usr/bin/dash "./usr/bin/python$PYTHON_VERSION"
  "./usr/lib/python$PYTHON_VERSION" './usr/lib/*-linux-gnu' ./usr/lib64 ./usr/share/zoneinfo ./usr/share/python-wheels)

# Prints the path of the layer; built once for what this file, its parts and requirements.txt say.
python_layer() {
  local key
  key=$(cat "$E2E"/image.d/{python,debian,base}.sh "$APPLICATIONS/requirements.txt" | sha256sum | cut -c1-16)
  built_once "$LAYERS/python-$key.tar" build_python
}

build_python() {
  local layer=$1 scratch root
  say "building Python $PYTHON_VERSION with the applications' packages"
  scratch=$(mktemp -d)
  root=$scratch/root
  debian_rootfs "$scratch/packages.tar" "$PYTHON_SUITE" --variant=extract --include="$PYTHON_PACKAGES"
  mkdir "$root"
  tar -xf "$scratch/packages.tar" -C "$root" --wildcards "${PYTHON_PATHS[@]}"
  mkdir -p "$root"/{etc,dev,proc,sys,run} && mkdir -m 1777 "$root/tmp"
  add_user "$root"
  add_virtual_environment "$root"
  remove_unused "$root"
  compile_modules "$root"
  import_packages "$root"
  "$E2E/oci-archive" pack "$root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}

# Filled from outside, by this machine's Python and with its settings for pip.
add_virtual_environment() {
  local venv=$1/opt/venv packages pip
  packages=$venv/lib/python$PYTHON_VERSION/site-packages
  pip=$(echo "$1"/usr/share/python-wheels/pip-*.whl)/pip
  mkdir -p "$packages"
  python3 "$pip" install --quiet --root-user-action=ignore --disable-pip-version-check --no-deps --no-compile \
    --only-binary=:all: --implementation=cp --python-version="$PYTHON_VERSION" --target="$packages" \
    --requirement="$APPLICATIONS/requirements.txt" >&2
  mv "$packages/bin" "$venv/"
  sed -i '1s|^#!.*|#!/opt/venv/bin/python|' "$venv"/bin/*
  ln -s "/usr/bin/python$PYTHON_VERSION" "$venv/bin/python"
  ln -s python "$venv/bin/python3"
  printf '%s\n' "home = /usr/bin" "include-system-site-packages = false" > "$venv/pyvenv.cfg"
}

# What nothing opens at run time: pip, conversions by iconv, Berkeley's databases, packages' tests and C sources.
remove_unused() {
  local packages=$1/opt/venv/lib/python$PYTHON_VERSION/site-packages
  rm -rf "$1"/usr/share/python-wheels "$1"/usr/share/zoneinfo/{right,posix} \
    "$1"/usr/lib/*-linux-gnu/{gconv,libdb-*,perl*} "$packages"/{alembic/testing,greenlet/tests,sqlalchemy/testing}
  find "$packages" -regextype egrep -regex '.*\.(c|cpp|h|hpp|pxd|pyi|pyx)' -delete
}

# Else each start compiles all that it imports, for a second. Unchecked, for a layer keeps no times of change.
compile_modules() {
  chroot "$1" /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash \
    "/usr/lib/python$PYTHON_VERSION" /opt/venv >&2
}

# A library that is missing fails here and not in a pod.
import_packages() {
  chroot "$1" /opt/venv/bin/python -c \
    'import alembic.command, asyncpg, flask_migrate, greenlet, psycopg.pq, psycopg2, sqlalchemy.ext.asyncio' >&2
}
