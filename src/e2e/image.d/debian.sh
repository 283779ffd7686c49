# Root filesystems from Debian packages, by mmdebstrap.
# shellcheck shell=bash

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Apt's own archive locations on this machine, for another suite.
debian_sources() {
  local suite=$1 host
  # shellcheck disable=SC1091
  host=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v host="$host" -v suite="$suite" -v keyring="$KEYRING" \
      '$2 ~ "^" host "(-updates|-security)?$" {sub(host, suite, $2); print "deb [signed-by=" keyring "]", $1, $2, $3}' |
    sort -u
}

# debian_rootfs OUT.tar SUITE MMDEBSTRAP-OPTION...: an archive that exists is complete.
debian_rootfs() {
  local out=$1 suite=$2 sources
  shift 2
  sources=$(debian_sources "$suite")
  [[ -n $sources ]] || die "apt on this machine names no Debian archive; see /etc/apt/sources.list.d"
  SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --mode=root --format=tar \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$@" "$suite" "$out.new" - <<< "$sources" >&2
  mv "$out.new" "$out"
}

# server_rootfs OUT.tar SUITE PACKAGE...: PostgreSQL's packages, configured, so that the postgres user exists;
# without the JIT compiler, which is most of their size and which PostgreSQL does without when its file is absent.
server_rootfs() {
  local out=$1 suite=$2
  shift 2
  local packages
  packages=$(IFS=,; echo "ca-certificates,$*")
  debian_rootfs "$out" "$suite" --variant=essential --include="$packages" \
    --dpkgopt='path-exclude=/usr/lib/*-linux-gnu/libLLVM*' --dpkgopt='path-exclude=/usr/lib/llvm-*' \
    --dpkgopt='path-exclude=/usr/lib/*-linux-gnu/libz3*' --dpkgopt='path-exclude=/usr/lib/postgresql/*/lib/bitcode/*' \
    --dpkgopt='path-exclude=/usr/lib/postgresql/*/lib/llvmjit*' \
    --essential-hook='mkdir -p "$1/usr/share/man/man1" "$1/usr/share/man/man7"'
}
