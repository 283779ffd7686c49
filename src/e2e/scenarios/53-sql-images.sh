#!/bin/bash
# Flyway's scripts in images of their own, pulled from a registry on the cluster by tag, by digest and with a pull secret; copied
# by a container of the image, or mounted by the node.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
# shellcheck source=/dev/null
source "$E2E/registry/registry.sh"

OPEN=registry.example.org/sql
CLOSED=private.example.org/sql
LARGE=600 # scripts of 2 kB each: more than a ConfigMap's 1 MiB

# archive_of NAME:TAG BASE FOLDER...: the image's archive; see image.d/sql.sh.
archive_of() (
  for part in cluster.d/cgroup cluster.d/binaries image.d/debian image.d/base image.d/programs image.d/sql; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  LAYERS=$CACHE/layers
  sql_image "$@"
)

# from_image NAME IMAGE ENVIRONMENT [LINE...]: a resource whose scripts are an image's; each LINE adds to its spec. SQL_PATH is
# the folder, where it is not /flyway/sql; with MOUNTED=true the node mounts the image.
from_image() {
  binding "$1" pg17
  {
    printf 'edition: commercial\nenvironment: %s\n' "$3"
    printf 'connection: {secretRef: {name: %s}, caRef: {configMap: {name: pg-ca}}}\n' "$1"
    printf 'schema: {flyway: {image: "%s", path: %s, %splaceholders: {unit: MHz}}}\n' "$2" "${SQL_PATH:-/flyway/sql}" \
      "${MOUNTED:+imageVolume: true, }"
    printf '%s\n' "${@:4}"
  } | resource "$1"
}

# image_is NAME IMAGE
image_is() { change "$1" "{\"schema\":{\"flyway\":{\"image\":\"$2\"}}}"; }

# approve NAME VERSION DIGEST
approve() { change "$1" "{\"approval\":{\"version\":\"$2\",\"digest\":\"$3\",\"approvedBy\":\"ada\"}}"; }

# flyways_rows NAME: what ran, as Flyway's own history tells it.
flyways_rows() {
  psql_as_admin pg17 "$1" "SELECT string_agg(concat_ws(' ', version, script), ', ' ORDER BY installed_rank)
    FROM flyway_schema_history WHERE success"
}

nothing_ran() {
  expect "$(psql_as_admin pg17 "$1" "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0 "nothing has run in $1"
}

# large_scripts FOLDER: a table, and a row by each script after the first.
large_scripts() {
  local number text
  text=$(printf 'x%.0s' {1..2000})
  echo "CREATE TABLE readings (id int PRIMARY KEY, text text NOT NULL);" > "$1/V1__readings.sql"
  for ((number = 2; number <= LARGE; number++)); do
    echo "INSERT INTO readings VALUES ($number, '$text');" > "$1/V${number}__reading.sql"
  done
}

the_registry_has_the_images() {
  local first large
  first=$(archive_of pulled-radio:1 busybox radio/1)
  large=$(mktemp -d)
  large_scripts "$large"
  push "$first" sql/radio:1
  push "$first" sql/pinned:1
  push "$(archive_of moving:1 busybox radio/1)" sql/moving:1
  push "$(archive_of held:1 busybox radio/1)" sql/held:1
  push "$(archive_of pulled-radio:2 busybox radio/1 radio/2)" sql/radio:2
  push "$(archive_of large:1 busybox "$large")" sql/large:1
  push "$(archive_of bare:1 scratch radio/1)" sql/bare:1
  push "$(archive_of mounted:1 busybox radio/1)" sql/mounted:1
  push "$(archive_of mounted:1 busybox radio/1)" sql/slid:1
  push_what_only_root_may_read
  rm -rf "$large"
  DIGEST=$("$E2E/oci-archive" digest "$first" | cut -d' ' -f2)
  forget_images sql/{radio,pinned,held,moving,large,bare,mounted,slid,closed}
}

# As a layer that is packed already, for a folder's files would be everybody's.
push_what_only_root_may_read() {
  local folder
  folder=$(mktemp -d)
  mkdir --parents "$folder/root/flyway/sql"
  install --mode=600 "$E2E/sql/radio/1/V1__stations.sql" "$folder/root/flyway/sql/"
  tar --create --file="$folder/layer.tar" --directory="$folder/root" --owner=root:0 --group=root:0 flyway
  "$E2E/oci-archive" build localhost/sql/closed:1 "$folder/image.tar" --layer "$folder/layer.tar" > /dev/null
  push "$folder/image.tar" sql/closed:1
  rm -r "$folder"
}

all_are_applied() {
  {
    from_image radiotag "$OPEN/radio:1" development
    from_image radiodigest "$OPEN/pinned@$DIGEST" staging
    from_image radiosecret "$CLOSED/radio:2" development
    from_image radiogate "$OPEN/radio:2" production
    from_image radiolarge "$OPEN/large:1" staging
    from_image radiobare "$OPEN/bare:1" development
    from_image radioheld "$OPEN/held:1" production
    SQL_PATH=/flyway/migrations from_image radionowhere "$OPEN/radio:1" development
    from_image radiomoving "$OPEN/moving:1" production 'migration: {approval: Version}'
    MOUNTED=true mounted_images
  } | apply
}

mounted_images() {
  from_image mountedtag "$OPEN/mounted:1" development
  from_image mountedbare "$OPEN/bare:1" staging
  from_image mountedgate "$OPEN/slid:1" production
  from_image mountedsecret "$CLOSED/radio:2" development
  from_image mountedclosed "$OPEN/closed:1" development
  SQL_PATH=/flyway/migrations from_image mountednowhere "$OPEN/radio:1" development
}

the_scripts_run_that_the_image_holds() {
  local name
  for name in radiotag radiodigest; do
    await 120 "$name is migrated" is_ready_at "$name" 1
    expect "$(flyways_rows "$name")" "1 V1__stations.sql, views/R__dial.sql" "psql finds what ran in $name, a sub-folder's script too"
    agrees "$name" pg17
  done
  expect "$(status "$NAMESPACE" radiotag .initializationMethod)" flyway "the status has the method"
  was_asked_for "(GET|HEAD) /v2/sql/pinned/manifests/$DIGEST\b.* 200 .*containerd" || fail "the registry's log has no pull by digest"
  was_asked_for '(GET|HEAD) /v2/sql/radio/manifests/1\b.* 200 .*containerd' || fail "the registry's log has no pull by tag"
  pass "the node pulled from the registry, by tag and by digest"
}

without_the_pull_secret_the_image_is_named() {
  await 90 "without a pull secret" says radiosecret ImagePullFailed "$CLOSED/radio:2.*pull secret"
  was_asked_for '/v2/sql/radio/manifests/2\b.* 401 .*containerd' || fail "the registry's log has no pull that it refused"
  nothing_ran radiosecret
  pull_secret reader | apply
  change radiosecret '{"jobTemplate":{"imagePullSecrets":[{"name":"reader"}]}}'
}

with_the_pull_secret_it_recovers() {
  await 120 "with the pull secret it is migrated" is_ready_at radiosecret 2
  agrees radiosecret pg17
}

# scripts_image_of NAME TASK: what the container with the scripts ran.
scripts_image_of() {
  kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=$2" \
    --output='jsonpath={.items[0].spec.template.spec.initContainers[?(@.name=="scripts")].image}'
}

production_waits_until_what_the_image_holds_is_approved() {
  local digest
  await 90 "production waits" says radiogate AwaitingApproval 'version 2'
  expect "$(status "$NAMESPACE" radiogate '.pending[*].version')/$(status "$NAMESPACE" radiogate .pendingCount)" "1 2/3" \
    "the status lists what the image holds, the repeatable script too"
  digest=$(plan_digest radiogate)
  expect_match "$digest" '^sha256:[0-9a-f]{64}$' "and its digest"
  nothing_ran radiogate
  approve radiogate 2 "$digest"
  await 120 "approved, it is migrated" is_ready_at radiogate 2
  expect_match "$(scripts_image_of radiogate migrate)" "^$OPEN/radio@sha256:[0-9a-f]{64}\$" "the Job ran what was planned with, by its digest"
  expect "$(flyways_rows radiogate)" "1 V1__stations.sql, 2 shows/V2__shows.sql, views/R__dial.sql" "psql finds what was approved"
}

a_newer_image_is_the_way_to_a_newer_version() {
  psql_as_admin pg17 radiotag "INSERT INTO stations VALUES (1, 'Soleil', 98.5)"
  image_is radiotag "$OPEN/radio:2"
  await 120 "the next image's scripts run" is_ready_at radiotag 2
  agrees radiotag pg17
  expect "$(flyways_rows radiotag)" "1 V1__stations.sql, views/R__dial.sql, 2 shows/V2__shows.sql, views/R__dial.sql" \
    "what is new ran, and the repeatable script that changed"
  expect "$(psql_as_admin pg17 radiotag 'SELECT label FROM dial')" 'Soleil 98.5 MHz' "its placeholder is filled in, and the row survived"
}

fault_40_more_than_a_configmap_holds() {
  await 180 "fault_40: $LARGE scripts, more than 1 MiB, run from an image" is_ready_at radiolarge "$LARGE"
  expect "$(psql_as_admin pg17 radiolarge 'SELECT count(*), sum(length(text)) FROM readings')" \
    "$((LARGE - 1))|$(((LARGE - 1) * 2000))" "psql finds all rows"
  agrees radiolarge pg17
}

what_is_wrong_with_an_image_is_said() {
  await 90 "an image without cp" says radiobare SourceImageNotCopyable "$OPEN/bare:1.*has cp"
  await 90 "a folder that is not there" says radionowhere InvalidScripts '/flyway/migrations'
  image_is radiobare "$OPEN/radio:1"
  change radionowhere '{"schema":{"flyway":{"path":"/flyway/sql"}}}'
  await 120 "an image that has cp" is_ready_at radiobare 1
  await 120 "the folder that is there" is_ready_at radionowhere 1
}

what_was_planned_runs_though_its_tag_was_moved() {
  local planned
  await 90 "what the tag means is planned" says radioheld AwaitingApproval 'version 1'
  planned=$(status "$NAMESPACE" radioheld .plan.image)
  expect_match "$planned" "^$OPEN/held@sha256:[0-9a-f]{64}\$" "the plan names the image by its digest"
  push "$(archive_of held:1 busybox radio/1 radio/moved)" sql/held:1
  forget_images sql/held
  approve_plan radioheld 1
  await 120 "approved, it is migrated" is_ready_at radioheld 1
  expect "$(scripts_image_of radioheld migrate)" "$planned" "the Job ran the image that was planned with"
  expect "$(psql_as_admin pg17 radioheld "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'stations'::regclass AND attname = 'wavelength'")" 0 "psql finds what was approved, not what the tag means now"
}

a_tag_that_was_moved_is_found_out_by_the_job_and_heals() {
  local approved
  await 90 "what the tag means is read" says radiomoving AwaitingApproval 'version 1'
  approved=$(status "$NAMESPACE" radiomoving .pendingDigest)
  push "$(archive_of moving:1 busybox radio/1 radio/moved)" sql/moving:1
  forget_images sql/moving
  approve radiomoving 1 "$approved"
  await 120 "what was approved is no longer what the tag means" waits_for_another_approval radiomoving "$approved"
  nothing_ran radiomoving
  expect_match "$(kc get events --namespace="$NAMESPACE" --output='jsonpath={range .items[*]}{.reason} {.message}{"\n"}{end}')" \
    'InputsChanged ' "an event says why it was read again"
  approve radiomoving 1 "$(status "$NAMESPACE" radiomoving .pendingDigest)"
  await 120 "approved as it is, it is migrated" is_ready_at radiomoving 1
  expect "$(psql_as_admin pg17 radiomoving "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'stations'::regclass AND attname = 'wavelength'")" 1 "psql finds what the tag means now"
}

# waits_for_another_approval NAME DIGEST
waits_for_another_approval() {
  echo "the digest is $(status "$NAMESPACE" "$1" .pendingDigest); $(facts "$1")"
  [[ $(status "$NAMESPACE" "$1" .pendingDigest) != "$2" && $(condition "$NAMESPACE" "$1" Ready) == "False "*Approv* ]]
}

# work_pod NAME TASK JSONPATH: what the spec of the task's pod has.
work_pod() {
  kc get pods --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=$2" \
    --output="jsonpath={.items[0].spec$3}"
}

# the_node_mounted NAME TASK IMAGE: no container of the image copied anything.
the_node_mounted() {
  expect "$(work_pod "$1" "$2" '.volumes[?(@.name=="scripts")].image.reference')" "$3" "the pod to $2 $1 has the image as a volume"
  expect "$(work_pod "$1" "$2" '.containers[*].name')/$(work_pod "$1" "$2" '.initContainers')" "work/" "and the operator's container alone"
}

the_scripts_run_of_an_image_that_the_node_mounts() {
  local name
  for name in mountedtag mountedbare; do
    await 120 "$name is migrated" is_ready_at "$name" 1
    expect "$(flyways_rows "$name")" "1 V1__stations.sql, views/R__dial.sql" "psql finds what ran in $name, a sub-folder's script too"
    agrees "$name" pg17
  done
  the_node_mounted mountedtag migrate "$OPEN/mounted:1"
  the_node_mounted mountedbare migrate "$OPEN/bare:1"
  was_asked_for '(GET|HEAD) /v2/sql/mounted/manifests/1\b.* 200 .*containerd' || fail "the registry's log has no pull for a volume"
  pass "the node pulled it from the registry, for the volume"
}

what_is_wrong_with_a_mounted_image_is_said() {
  await 90 "without a pull secret the image is named" says mountedsecret ImagePullFailed "$CLOSED/radio:2.*pull secret"
  await 90 "a folder that a mounted image does not have" says mountednowhere InvalidScripts 'has no folder /flyway/migrations'
  await 90 "a script that the pod's user may not read" says mountedclosed InvalidScripts 'may not read V1__stations.sql: give all users'
  the_node_mounted mountednowhere inspect "$OPEN/radio:1"
  nothing_ran mountedsecret
  change mountedsecret '{"jobTemplate":{"imagePullSecrets":[{"name":"reader"}]}}'
  change mountednowhere '{"schema":{"flyway":{"path":"/flyway/sql"}}}'
  image_is mountedclosed "$OPEN/mounted:1"
  await 120 "with the pull secret it is migrated" is_ready_at mountedsecret 2
  await 120 "the folder that it has" is_ready_at mountednowhere 1
  await 120 "an image that all may read" is_ready_at mountedclosed 1
}

# Nodes tell no digest of what they mount, so that the scripts alone hold a plan to its image.
a_mounted_tag_that_was_moved_waits_for_another_approval() {
  local planned
  await 90 "what the tag means is planned" says mountedgate AwaitingApproval 'version 1'
  planned=$(status "$NAMESPACE" mountedgate .pendingDigest)
  push "$(archive_of moving:1 busybox radio/1 radio/moved)" sql/slid:1
  forget_images sql/slid
  approve_plan mountedgate 1
  await 120 "what was approved is no longer what the tag means" waits_for_another_approval mountedgate "$planned"
  nothing_ran mountedgate
  await 90 "what it means now is planned" says mountedgate ApprovalStale 'planned sha256:'
  approve_plan mountedgate 1
  await 120 "approved as it is, it is migrated" is_ready_at mountedgate 1
  the_node_mounted mountedgate migrate "$OPEN/slid:1"
  expect "$(psql_as_admin pg17 mountedgate "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'stations'::regclass AND attname = 'wavelength'")" 1 "psql finds what the tag means now"
}

if is_external; then
  pass "skipped: the nodes of a cluster that is not ours don't know the registry"
  exit 0
fi
fresh_namespace
new_databases pg17 radiotag radiodigest radiosecret radiogate radiolarge radiobare radionowhere radiomoving radioheld \
  mounted{tag,bare,gate,secret,closed,nowhere}
deploy_registry
the_registry_has_the_images
all_are_applied
the_scripts_run_that_the_image_holds
without_the_pull_secret_the_image_is_named
production_waits_until_what_the_image_holds_is_approved
what_is_wrong_with_an_image_is_said
a_newer_image_is_the_way_to_a_newer_version
with_the_pull_secret_it_recovers
the_scripts_run_of_an_image_that_the_node_mounts
what_is_wrong_with_a_mounted_image_is_said
fault_40_more_than_a_configmap_holds
what_was_planned_runs_though_its_tag_was_moved
a_tag_that_was_moved_is_found_out_by_the_job_and_heals
a_mounted_tag_that_was_moved_waits_for_another_approval
remove_registry
