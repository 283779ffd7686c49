#!/bin/bash
# The operator's image: its AOT caches are used on this node, and all other layers come out the same when they are built again.
# Lane: alone
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

IMAGE=${OUT:-$ROOT/target/image.tar}
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

# in_image ARGUMENT...: what java says in the operator's own container.
in_image() {
  kc exec deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" -- /opt/java/bin/java "$@" 2>&1 || true
}

# source_of CLASS ARGUMENT...: where java has this class from when it runs with these.
source_of() {
  local class=$1
  shift
  in_image -Xlog:class+load "$@" | sed -n "s/.* $class source: //p"
}

both_programs_start_from_their_caches() {
  expect "$(source_of io.tunetrail.operator.RunnerMain @/opt/tunetrail/runner nothing)" 'shared objects file' \
    "the runner is in its AOT cache"
  expect "$(source_of io.tunetrail.operator.Main @/opt/tunetrail/operator --help)" 'shared objects file' \
    "the operator is in its own"
}

# Where its cache can't be used, here because objects are laid out otherwise.
a_program_starts_without_its_cache_and_says_nothing_of_it() {
  expect_match "$(in_image -XX:-UseCompressedOops @/opt/tunetrail/runner nothing)" '^one argument must name the role' \
    "the runner starts without its AOT cache, and quietly"
}

# Else the kernel ends the operator when it grows.
the_heap_stays_within_the_containers_memory() {
  local limit heap
  limit=$(kc get deployment tunetrail-operator --namespace="$OPERATOR_NAMESPACE" \
    --output='jsonpath={.spec.template.spec.containers[0].resources.limits.memory}')
  limit=$((${limit%Mi} * 1024 * 1024))
  heap=$(in_image -XX:+PrintFlagsFinal @/opt/tunetrail/operator --help | awk '$2 == "MaxHeapSize" {print $4}')
  ((heap > 0 && heap < limit)) || fail "the largest heap is $heap of $limit bytes"
  pass "the largest heap, $heap bytes, is within the limit of $limit"
}

# The application's from the sources, so that this also shows that the image is theirs.
layers_come_out_the_same() {
  mkdir "$SCRATCH/sources"
  cp -R "$ROOT/pom.xml" "$ROOT/src" "$SCRATCH/sources/"
  (cd "$SCRATCH/sources" && mvn --batch-mode --quiet -Dmaven.test.skip=true package) >&2
  APP_DIR=$SCRATCH/sources/target "$E2E/image" digests > "$SCRATCH/first"
  APP_DIR=$SCRATCH/sources/target "$E2E/image" digests > "$SCRATCH/second"
  expect "$(cat "$SCRATCH/second")" "$(cat "$SCRATCH/first")" "two builds from nothing have the same layers"
  # Debian may have other packages by now than when the base in the cache was built.
  expect "$("$E2E/oci-archive" layers "$IMAGE" | sed -n 2,3p)" "$(sed -n 2,3p "$SCRATCH/first")" \
    "the installed image has this runtime and this application"
}

both_programs_start_from_their_caches
a_program_starts_without_its_cache_and_says_nothing_of_it
the_heap_stays_within_the_containers_memory
layers_come_out_the_same
