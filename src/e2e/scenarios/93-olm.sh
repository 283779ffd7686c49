#!/bin/bash
# The bundle for the Operator Lifecycle Manager, by OLM's own validators and without a cluster.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/cluster.d/binaries.sh"

SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

build_olm() {
  require_go
  say "building OLM's validators"
  (cd "$E2E/olm" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -trimpath -ldflags '-s -w' -o "$1.new" .) >&2
  mv "$1.new" "$1"
}

the_bundle_is_valid() {
  "$OLM" "$ROOT/deploy/olm/bundle" || fail "the bundle is not valid"
  pass "the validators find neither errors nor warnings"
}

# finds PATTERN COMMAND...: in a copy of the bundle that a command, run in its folder, has spoilt.
finds() {
  local said code=0
  rm -rf "$SCRATCH/bundle"
  cp -r "$ROOT/deploy/olm/bundle" "$SCRATCH/"
  (cd "$SCRATCH/bundle" && "${@:2}")
  said=$("$OLM" "$SCRATCH/bundle" 2>&1) || code=$?
  expect "$code" 1 "a bundle is refused after: ${*:2}"
  expect_match "$said" "$1" "and why is told"
}

what_is_wrong_is_found() {
  local version=manifests/tunetrail-operator.clusterserviceversion.yaml
  finds 'Kind=TuneTrailRestore" not found' rm manifests/tunetrailrestores.tunetrail.io-v1.yaml
  finds 'none of InstallModeTypes are supported' sed -i 's/supported: true/supported: false/' "$version"
  finds '"Wonders" is not a valid capabilities level' sed -i 's/^    capabilities: .*/    capabilities: Wonders/' "$version"
}

OLM=$(built_once "$BINARIES/olm-$(cat "$E2E"/olm/*.go "$E2E"/olm/go.* | sha256sum | cut -c1-16)" build_olm)
the_bundle_is_valid
what_is_wrong_is_found
