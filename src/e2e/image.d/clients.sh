# PostgreSQL's clients: pg_dump, pg_restore and psql of each major that a suite of Debian has, which leave the image's base alone:
# beside them lie a loader and the libraries that all of them use, the newest suite's, for libpq and what is below it serve
# older programs, too.
# shellcheck shell=bash

CLIENTS=/usr/lib/postgresql
CLIENT_PROGRAMS=(pg_dump pg_restore psql)
# 14 and 16 are in no suite, and 17 dumps them.
CLIENT_MAJORS=(15 17 18)
# Before these a hostile server overruns pg_dump (CVE-2026-6477).
declare -A CLIENT_PATCHED=([15]=15.18 [17]=17.10 [18]=18.4)
# The majors' suites, the packages' own tool aside. Sid's index may be long past its date on a mirror; what its date would
# prevent, old packages, is looked for in each client's version.
CLIENT_SUITES=(bookworm sid)
CLIENT_PACKAGES=patchelf,postgresql-client-15,postgresql-client-17,postgresql-client-18

# Prints the path of the clients' layer; built once for what this file says.
clients_layer() {
  local key
  key=$(cat "$E2E"/image.d/{clients.sh,packages,packages.sh} | sha256sum | cut -c1-16)
  built_once "$LAYERS/clients-$key.tar" build_clients
}

build_clients() {
  local layer=$1 scratch suite
  say "building PostgreSQL's clients ${CLIENT_MAJORS[*]}"
  scratch=$(mktemp -d)
  for suite in "${CLIENT_SUITES[@]}"; do debian_sources "$suite"; done |
    sed '/ sid-/d;/ sid /s/]/ check-valid-until=no]/' > "$scratch/clients.list"
  debian_rootfs "$scratch/packages.tar" trixie --variant=extract --include="$CLIENT_PACKAGES" "$WITH_PACKAGES_LIST" \
    --setup-hook="cp '$scratch/clients.list' \"\$1/etc/apt/sources.list.d/\""
  mkdir "$scratch/packages" "$scratch/root"
  tar -xf "$scratch/packages.tar" -C "$scratch/packages"
  ln -s usr/lib usr/lib64 "$scratch/packages/"
  gather_clients "$scratch/packages" "$scratch/root" >&2
  note_packages "$scratch/packages/packages.list" "$scratch/root" clients
  "$E2E/oci-archive" pack "$scratch/root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$scratch"
}

# gather_clients PACKAGES ROOT: from a root of Debian's packages to one that holds the clients and nothing else.
gather_clients() {
  local packages=$1 root=$2 major loader library
  loader=$(chroot "$packages/" patchelf --print-interpreter "$CLIENTS/${CLIENT_MAJORS[0]}/bin/psql")
  mkdir -p "$root$CLIENTS/lib"
  while read -r library; do cp -L "$packages$library" "$root$CLIENTS/lib/"; done < <(client_libraries "$packages" "$loader")
  for major in "${CLIENT_MAJORS[@]}"; do
    copy_clients "$packages" "$root" "$major" "$(basename "$loader")"
    check_clients "$root" "$major"
  done
}

# client_libraries PACKAGES LOADER: the paths of the loader and of all that the clients load.
client_libraries() {
  local major program
  for major in "${CLIENT_MAJORS[@]}"; do
    for program in "${CLIENT_PROGRAMS[@]}"; do
      chroot "$1/" "$2" --list "$CLIENTS/$major/bin/$program" | awk '$2 == "=>" {print $3} $1 ~ "^/" {print $1}'
    done
  done | LC_ALL=C sort -u
}

# copy_clients PACKAGES ROOT MAJOR LOADER: as they are found with no other root than this one.
copy_clients() {
  local program bin=$CLIENTS/$3/bin
  mkdir -p "$2$bin"
  for program in "${CLIENT_PROGRAMS[@]}"; do
    chroot "$1/" patchelf --set-interpreter "$CLIENTS/lib/$4" --force-rpath --set-rpath "$CLIENTS/lib" \
      --output "/tmp/$program" "$bin/$program"
    install --mode=755 "$1/tmp/$program" "$2$bin/$program"
    rm "$1/tmp/$program"
  done
}

# check_clients ROOT MAJOR: a library that is missing fails here and not in a pod, and so does a client that is too old.
check_clients() {
  local program version
  for program in "${CLIENT_PROGRAMS[@]}"; do
    version=$(chroot "$1" "$CLIENTS/$2/bin/$program" --version | awk '{print $3}')
    echo "$program $version"
    if [[ $version != "$2".* || $(printf '%s\n' "$version" "${CLIENT_PATCHED[$2]}" | sort -V | head -n 1) != "${CLIENT_PATCHED[$2]}" ]]; then
      echo "error: $program is $version; the image needs ${CLIENT_PATCHED[$2]} or a newer one of its major" >&2
      return 1
    fi
  done
}
