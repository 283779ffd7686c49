#!/bin/bash
# The image's SBOM, without a cluster: CycloneDX's own library finds it valid, and it tells of all that is in the image.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
for part in cluster.d/settings cluster.d/binaries image.d/runtime; do
  # shellcheck source=/dev/null
  source "$E2E/$part.sh"
done

IMAGE=${OUT:-$ROOT/target/image.tar}
SCRATCH=$(mktemp -d)
FILES=$SCRATCH/image
SBOM=$FILES/usr/share/doc/tunetrail-operator/sbom.cdx.json
MAVENS='select(.purl | startswith("pkg:maven/"))'
trap 'rm -rf "$SCRATCH"' EXIT

the_image_is_unpacked() {
  mkdir "$FILES"
  "$E2E/oci-archive" unpack "$IMAGE" "$FILES"
  expect "$(sha256sum < "$SBOM")" "$(sha256sum < "$(dirname "$IMAGE")/sbom.cdx.json")" "the image has the SBOM that lies beside it"
}

# problems_of FILE: what is not as the specification wants it.
problems_of() { "$(find_jdk)/bin/java" -cp "$(< "$SCRATCH/classpath")" "$E2E/sbom/Validate.java" "$1"; }

it_is_valid() {
  mvn --batch-mode --quiet --file="$E2E/sbom/pom.xml" dependency:build-classpath -Dmdep.outputFile="$SCRATCH/classpath" >&2
  problems_of "$SBOM" || fail "the SBOM is not valid"
  pass "CycloneDX's library finds it valid"
  jq '.components[0].type = "jar"' "$SBOM" > "$SCRATCH/wrong"
  if problems_of "$SCRATCH/wrong"; then fail "and a wrong one, too"; fi
  pass "and a wrong one not"
}

# components JQ: of all components, what the expression says, sorted.
components() { jq --raw-output ".components[] | $1" "$SBOM" | LC_ALL=C sort; }

# By their checksums, so that nothing is told of that is not there, and nothing is there that is not told of.
every_jar_is_told_of() {
  local jars
  jars=$(find "$FILES/opt/tunetrail" -name '*.jar' -exec sha256sum {} + | cut -d' ' -f1 | LC_ALL=C sort)
  expect "$(comm -3 <(echo "$jars") <(components "$MAVENS | .hashes[] | select(.alg == \"SHA-256\").content"))" "" \
    "it has the $(wc -l <<< "$jars") jars of the application by their checksums, and no other"
  expect "$(components "$MAVENS | select(.licenses == null).name")" "" "each with its licence"
}

# version_of NAME [SUITE-PATTERN]
version_of() { components "select(.name == \"$1\" and (.purl | test(\"${2:-.}\"))).version"; }

every_program_is_told_of_as_it_is() {
  local major
  expect "$(version_of openjdk | sed 's/[+].*//')" "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$FILES/opt/java/release")" "the Java runtime"
  expect "squawk $(version_of squawk-cli)" "$(chroot "$FILES" /usr/bin/squawk --version)" "squawk"
  for major in 15 17 18; do
    expect_match "$(chroot "$FILES" "/usr/lib/postgresql/$major/bin/pg_dump" --version)" \
      "Debian $(version_of "postgresql-client-$major" | sed 's/[+]/[+]/g')\)" "the client of PostgreSQL $major"
  done
  expect_match "$(version_of ca-certificates distro=bookworm)" '^20' "the base's certificates"
  expect_match "$(version_of libc6 distro=bookworm)/$(version_of libc6 distro=sid)" '^2\.36.*/2\.[4-9]' \
    "the base's C library and that of the clients"
}

the_image_holds_each() {
  expect "$(jq --raw-output '.metadata.component | "\(.type) \(.name)"' "$SBOM")" "container tunetrail/operator" "it is the image's"
  expect "$(jq '[.components[]["bom-ref"]] - ([.dependencies[].dependsOn[]?] | unique) | length' "$SBOM")" 0 \
    "each part hangs on the image or on another part"
}

the_image_is_unpacked
it_is_valid
every_jar_is_told_of
every_program_is_told_of_as_it_is
the_image_holds_each
