# Images of Debian's PostgreSQL servers; their user is the packages' own postgres.
# shellcheck shell=bash

declare -A POSTGRES_SUITE=([15]=bookworm [17]=trixie)

# postgres_image MAJOR: prints the path of localhost/postgres:MAJOR's archive.
postgres_image() {
  server_image "localhost/postgres:$1" "${POSTGRES_SUITE[$1]}" "/usr/lib/postgresql/$1/bin" "postgresql-$1"
}

# postgres_user ROOTFS.tar: "uid:gid" of postgres in it.
postgres_user() {
  local user
  user=$(tar -xOf "$1" ./etc/passwd | awk -F: '$1 == "postgres" {print $3 ":" $4}')
  [[ -n $user ]] || die "the packages in $1 made no postgres user"
  echo "$user"
}

# server_image NAME SUITE PATH PACKAGE...: prints the archive's path; PATH comes first in the image's search path.
server_image() {
  local recipe archive
  recipe=$(cat "$E2E/image.d/debian.sh" - <<< "$*" | sha256sum | cut -c1-16)
  archive=$IMAGES/$(tr '/:' '--' <<< "$1")-$recipe.tar
  if [[ ! -f $archive ]]; then with_cache_locked build_server_image "$archive" "$@"; fi
  echo "$archive"
}

build_server_image() {
  local archive=$1 name=$2 suite=$3 path=$4 rootfs
  shift 4
  if [[ -f $archive ]]; then return; fi # made while this process waited for the lock
  say "building $name from $suite's packages: $*"
  rootfs=$(mktemp --suffix=.tar)
  server_rootfs "$rootfs" "$suite" "$@"
  "$E2E/oci-archive" build "$name" "$archive" --layer "$rootfs" --user "$(postgres_user "$rootfs")" \
    --env "PATH=$path:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" --env LANG=C.UTF-8 >&2
  rm -f "$rootfs"
}
