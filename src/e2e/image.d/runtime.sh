# The Java runtime that the image carries: the modules that the application uses, by jlink.
# shellcheck shell=bash

JAVA_MAJOR=25
JAVA_MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl
JAVA_MODULES+=,java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.unsupported,jdk.zipfs
# Without the JDK's own shared archive, 28 MB that a program with an AOT cache never opens.
JLINK_OPTIONS=(--strip-debug --no-header-files --no-man-pages --compress zip-0)

is_jdk() { [[ -x $1/bin/jlink ]] && grep -q "^JAVA_VERSION=\"${JAVA_MAJOR}[.\"]" "$1/release"; }

find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [[ -n $home ]] && is_jdk "$home"; then
      echo "$home"
      return
    fi
  done
  die "the image needs a JDK $JAVA_MAJOR: set JAVA_HOME or install one under /usr/lib/jvm"
}

# A JDK may lack a module that a later one has folded into java.base.
available_modules() {
  local module present=()
  for module in ${JAVA_MODULES//,/ }; do
    if [[ -f $1/jmods/$module.jmod ]] || "$1/bin/java" --describe-module "$module" > /dev/null 2>&1; then
      present+=("$module")
    fi
  done
  (IFS=,; echo "${present[*]}")
}

# Prints the path of the runtime's layer; built once for a JDK's release, its modules and jlink's options.
runtime_layer() {
  local jdk modules key
  jdk=$(find_jdk)
  modules=$(available_modules "$jdk")
  key=$(cat "$jdk/release" - <<< "$modules ${JLINK_OPTIONS[*]}" | sha256sum | cut -c1-16)
  built_once "$LAYERS/java-$key.tar" build_runtime "$jdk" "$modules"
}

build_runtime() {
  local layer=$1 jdk=$2 modules=$3 root
  say "building the Java runtime from $jdk"
  root=$(mktemp -d)
  mkdir "$root/opt"
  "$jdk/bin/jlink" --add-modules "$modules" "${JLINK_OPTIONS[@]}" --output "$root/opt/java" >&2
  "$E2E/oci-archive" pack "$root" "$layer.new"
  mv "$layer.new" "$layer"
  rm -rf "$root"
}
