# The layer with the image's SBOM, in CycloneDX's format: the application's libraries as Maven resolves them, Debian's packages as
# the layers of base and clients note them, the Java runtime and squawk.
# shellcheck shell=bash

SBOM=$NOTES/sbom.cdx.json
# The project's outputTimestamp makes its answer the same each time. By name and not in pom.xml, for it refuses to work offline.
BOM_GOAL=org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom
BOM_OPTIONS=(-DoutputFormat=json -DoutputName=libraries -DschemaVersion=1.6 -DprojectType=application -DincludeProvidedScope=false
  -Dcyclonedx.skipAttach=true)

# stage_sbom ROOT BASE CLIENTS SQUAWK: makes the layer's file; the others are layers.
stage_sbom() {
  local root=$1 base=$2 clients=$3 squawk=$4 jdk libraries
  jdk=$(find_jdk)
  libraries=$(libraries_bom)
  mkdir -p "$root$NOTES"
  python3 "$E2E/image.d/sbom" --image tunetrail/operator --libraries "$libraries" --jar "$APP_DIR/tunetrail-operator.jar" \
    --lib "$APP_DIR/lib" --packages <(note_in "$base" base) --packages <(note_in "$clients" clients) --java "$jdk/release" \
    --squawk "$E2E/image.d/squawk.txt" <(tar -xOf "$squawk" "${SQUAWK#/}") > "$root$SBOM"
}

# note_in LAYER NAME
note_in() { tar -xOf "$1" "${NOTES#/}/packages.$2"; }

# Prints the path of what the plugin says of the application's libraries; asked once for what pom.xml says.
libraries_bom() {
  local key
  key=$(cat "$ROOT/pom.xml" "$E2E/image.d/sbom.sh" | sha256sum | cut -c1-16)
  built_once "$LAYERS/libraries-$key.json" build_libraries_bom
}

build_libraries_bom() {
  local file=$1 scratch
  say "listing the application's libraries"
  scratch=$(mktemp -d)
  (cd "$ROOT" && mvn --batch-mode --quiet "$BOM_GOAL" "${BOM_OPTIONS[@]}" -DoutputDirectory="$scratch") >&2
  mv "$scratch/libraries.json" "$file"
  rm -rf "$scratch"
}
