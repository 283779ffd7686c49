# Images that hold nothing but Flyway's scripts in /flyway/sql and, by Debian's static busybox, the program that copies them.
# shellcheck shell=bash

SQL=$E2E/sql
SQL_PROGRAMS=(cp)

# sql_image NAME:TAG BASE FOLDER...: prints the archive's path. BASE is busybox or scratch, which has no program at all; the
# folders, of sql/ where they are relative, are laid over one another.
sql_image() {
  local name=localhost/sql/$1 base=$2 recipe
  recipe=$(sql_recipe "$@" | sha256sum | cut -c1-16)
  built_once "$(image_archive "$name" "$recipe")" build_sql_image "$name" "$base" "$(programs)" "${@:3}"
}

# All that an image depends on, but for where its folders are.
sql_recipe() {
  local folder
  cat "$E2E"/image.d/{sql,programs,debian}.sh
  echo "$1 $2"
  for folder in "${@:3}"; do
    (cd "$SQL" && cd "$folder" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
  done
}

build_sql_image() {
  local archive=$1 name=$2 base=$3 programs=$4 folder root
  root=$(mktemp -d)
  mkdir -p "$root/flyway/sql"
  for folder in "${@:5}"; do (cd "$SQL" && cp -R "$folder/." "$root/flyway/sql/"); done
  if [[ $base == busybox ]]; then add_busybox "$programs" "$root"; fi
  # Of two names for one image the kubelet would pull again the one that it did not pull, which no registry has.
  "$E2E/oci-archive" build "$name" "$archive" --layer "$root" --env "IMAGE=$name" >&2
  rm -rf "$root"
}

add_busybox() {
  local program
  tar -xf "$1" -C "$2" bin/busybox
  for program in "${SQL_PROGRAMS[@]}"; do ln -s busybox "$2/bin/$program"; done
}
