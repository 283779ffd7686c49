#!/bin/bash
# The operator's image: its AOT caches are used on this node, PostgreSQL's clients dump servers of their majors, and all layers
# but the caches' come out the same when they are built again.
# Lane: majors
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

IMAGE=${OUT:-$ROOT/target/image.tar}
CLIENT_MAJORS=(15 17 18)
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

# in_container PROGRAM ARGUMENT...: what it says in the operator's own container.
in_container() { kc exec deployment/tunetrail-operator --namespace="$OPERATOR_NAMESPACE" -- "$@" 2>&1 || true; }

in_image() { in_container /opt/java/bin/java "$@"; }

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

each_client_starts() {
  local major program
  for major in "${CLIENT_MAJORS[@]}"; do
    for program in pg_dump pg_restore psql; do
      expect_match "$(in_container "/usr/lib/postgresql/$major/bin/$program" --version)" "^$program .* $major\." \
        "$program of PostgreSQL $major starts in the operator's container"
    done
  done
}

# dump_pod MAJOR: a pod that dumps a database of that major's server, by verified TLS, and can write nowhere.
dump_pod() {
  cat << YAML
apiVersion: v1
kind: Pod
metadata: {name: dump$1}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: dump
      image: localhost/tunetrail/operator:dev
      command: [/usr/lib/postgresql/$1/bin/pg_dump, --schema-only]
      env:
        - {name: PGHOST, value: pg$1.databases}
        - {name: PGDATABASE, value: dumped}
        - {name: PGUSER, value: dumped}
        - {name: PGPASSWORD, value: secret}
        - {name: PGSSLMODE, value: verify-full}
        - {name: PGSSLROOTCERT, value: /ca/ca.crt}
      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: ca, mountPath: /ca}]
  volumes: [{name: ca, configMap: {name: pg-ca}}]
---
YAML
}

a_dump_is_made_by_the_servers_own_major() {
  local major dump
  more_servers 18
  for major in "${CLIENT_MAJORS[@]}"; do
    new_databases "pg$major" dumped
    psql_as_admin "pg$major" dumped 'CREATE TABLE public.songs (id int PRIMARY KEY, title text NOT NULL)'
    psql_as_admin "pg$major" dumped 'ALTER TABLE public.songs OWNER TO dumped'
  done
  for major in "${CLIENT_MAJORS[@]}"; do dump_pod "$major"; done | apply
  for major in "${CLIENT_MAJORS[@]}"; do
    await 30 "the pod that dumps PostgreSQL $major ends" has_ended "dump$major"
    dump=$(kc logs "dump$major" --namespace="$NAMESPACE")
    expect_match "$dump" "from database version $major\..*by pg_dump version $major\..*CREATE TABLE public.songs" \
      "a server of PostgreSQL $major is dumped by its own client"
  done
  remove_servers 18
}

has_ended() {
  kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status}'
  [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') =~ ^(Succeeded|Failed)$ ]]
}

# The application's from the sources, so that this also shows that the image is theirs.
layers_come_out_the_same() {
  mkdir "$SCRATCH/sources"
  cp -R "$ROOT"/{pom.xml,src,crds,deploy} "$SCRATCH/sources/"
  (cd "$SCRATCH/sources" && mvn --batch-mode --quiet -Dmaven.test.skip=true package) >&2
  APP_DIR=$SCRATCH/sources/target "$E2E/image" digests > "$SCRATCH/first"
  APP_DIR=$SCRATCH/sources/target "$E2E/image" digests > "$SCRATCH/second"
  expect "$(cat "$SCRATCH/second")" "$(cat "$SCRATCH/first")" "two builds from nothing have the same layers"
  # Debian may have other packages by now than when the base and the clients in the cache were built.
  the_installed_image_has_layer 2 runtime
  the_installed_image_has_layer 4 squawk
  the_installed_image_has_layer 5 application
}

# the_installed_image_has_layer NUMBER NAME: the one that was built anew.
the_installed_image_has_layer() {
  expect "$("$E2E/oci-archive" layers "$IMAGE" | sed -n "$1p")" "$(sed -n "$1p" "$SCRATCH/first")" \
    "the installed image's $2 is the one that was built anew"
}

fresh_namespace
both_programs_start_from_their_caches
a_program_starts_without_its_cache_and_says_nothing_of_it
the_heap_stays_within_the_containers_memory
each_client_starts
a_dump_is_made_by_the_servers_own_major
layers_come_out_the_same
