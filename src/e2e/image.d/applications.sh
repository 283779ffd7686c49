# Images of applications as their teams would build them: Python and its packages, and the application in /app.
# shellcheck shell=bash

APPLICATIONS=$E2E/applications
APPLICATION_ENV=(--env PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  --env LANG=C.UTF-8 --env PYTHONDONTWRITEBYTECODE=1 --env PYTHONUNBUFFERED=1)

# application NAME:TAG "FOLDER..." [OPTION...]: prints the archive's path. The folders, of applications/, are laid over
# one another; options are oci-archive's.
application() {
  local name=localhost/app/$1 folders python recipe
  read -ra folders <<< "$2"
  python=$(python_layer)
  recipe=$(recipe_of "$(basename "$python") $*" "${folders[@]}" | sha256sum | cut -c1-16)
  built_once "$(image_archive "$name" "$recipe")" build_application "$name" "$python" "${folders[*]}" "${@:3}"
}

# recipe_of INPUTS FOLDER...: all that an image depends on.
recipe_of() {
  cat "$E2E/image.d/applications.sh" - <<< "$1"
  (cd "$APPLICATIONS" && find "${@:2}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

build_application() {
  local archive=$1 name=$2 python=$3 folders folder root
  read -ra folders <<< "$4"
  say "building $name"
  root=$(mktemp -d)
  mkdir "$root/app"
  for folder in "${folders[@]}"; do cp -R "$APPLICATIONS/$folder/." "$root/app/"; done
  "$E2E/oci-archive" build "$name" "$archive" --layer "$python" --layer "$root" --user 65532:65532 --workdir /app \
    "${APPLICATION_ENV[@]}" "${@:5}" >&2
  rm -rf "$root"
}
