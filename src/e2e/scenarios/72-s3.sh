#!/bin/bash
# Backups in a bucket of a real S3 server, over TLS: archive and manifest are there, in parts; old ones go; what
# goes wrong is named and leaves nothing; a pod shows its own identity instead of a Secret; no secret is told; of many at once
# some wait. The pods that send much have 128 MiB.
# Lane: majors
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"
# shellcheck source=/dev/null
source "$E2E/s3/s3.sh"

BEGINNING=east/$NAMESPACE/s3-songs
# More than one part of 16 MiB, of what can't be compressed.
SONGS="CREATE TABLE songs (id int PRIMARY KEY, sound bytea NOT NULL);
    INSERT INTO songs SELECT n, sha512((n || random()::text)::bytea) FROM generate_series(1, 300000) n;
    CREATE TABLE zeros (id int, hidden int);"
AT_ONCE=4
MANY=5

# The page's own spec.backup.storage.s3, with this server's endpoint, a schedule that does not come and little that is kept.
page_storage() {
  page_blocks yaml '^spec:\n  backup:.*\n      s3:' backups |
    sed 's|https://s3.example.org|https://s3.s3|; s/schedule: .*/schedule: 7 3 * * */; s/{days: 7, minimum: 3}/{days: 1, minimum: 1}/'
}

# credentials NAME SECRET_KEY: a Secret, as YAML.
credentials() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\n' "$1"
  printf 'stringData: {accessKeyId: %s, secretAccessKey: %s}\n' "$S3_KEY" "$2"
}

patch() { kc patch tunetraildatabase s3-songs --namespace="$NAMESPACE" --type=merge --patch="$1" "${@:2}"; }

# inputs NAME: the digest of what a CronJob asks for.
inputs() { kc get cronjob "$1-backup" --namespace="$NAMESPACE" --output='jsonpath={.metadata.annotations.tunetrail\.io/inputs}'; }

back_up() { kc create job "$1" --from=cronjob/s3-songs-backup --namespace="$NAMESPACE" > /dev/null; }

last() { status "$NAMESPACE" s3-songs .backup.lastSuccessful.name; }
is_made() { [[ $(last) != "$1" ]] && condition_is "$NAMESPACE" s3-songs BackupHealthy "True BackedUp"; }

# fails_with NAME REASON PATTERN: BackupHealthy says so.
fails_with() {
  condition_is "$NAMESPACE" "$1" BackupHealthy "False $2" && [[ $(condition_message "$NAMESPACE" "$1" BackupHealthy) =~ $3 ]]
}

# files: the keys below the resource's beginning, in order.
files() {
  s3 GET "backups?list-type=2&prefix=${BEGINNING//\//%2F}%2F" | grep -o '<Key>[^<]*' | sed "s|<Key>$BEGINNING/||" | LC_ALL=C sort | tr '\n' ' '
}

file() { s3 GET "backups/$BEGINNING/$1"; }

uploads_under_way() { s3 GET 'backups?uploads=' | { grep -o '<UploadId>' || true; } | wc -l; }

what_cannot_be_is_refused() {
  local both='"persistentVolumeClaim":{"claimName":"c"},"s3":{"bucket":"backups"}'
  expect_match "$(patch "{\"spec\":{\"backup\":{\"schedule\":\"7 3 * * *\",\"storage\":{$both}}}}" 2>&1 || true)" \
    'exactly one of persistentVolumeClaim and s3' "two places are refused"
  expect_match "$(patch '{"spec":{"environment":"production","backup":{"schedule":"7 3 * * *","storage":{"s3":{"bucket":"backups","endpoint":"http://s3.s3"}}}}}' 2>&1 || true)" \
    'production needs TLS' "production without TLS is refused"
}

a_database_with_backups_in_a_bucket() {
  {
    binding s3-songs pg17
    scripts s3-songs V1__songs.sql="$SONGS"
    flyway s3-songs staging latest 'jobTemplate: {resources: {requests: {cpu: 100m}, limits: {memory: 128Mi}}}'
    credentials s3-writer "$S3_SECRET"
    credentials s3-wrong 0123456789abcdef
    many_databases
  } | apply
  kc create configmap s3-ca --namespace="$NAMESPACE" --from-literal=ca.crt="$(s3_ca)" > /dev/null
  await 60 "the database is migrated" is_ready_at s3-songs 1
  what_cannot_be_is_refused
  patch "$(page_storage)" > /dev/null
  await 30 "there is no backup yet" condition_is "$NAMESPACE" s3-songs BackupHealthy "Unknown NoBackupYet"
}

a_backup_is_made_in_parts() {
  back_up first
  await 60 "the backup is made" is_made ""
  FIRST=$(last)
  expect "$(status "$NAMESPACE" s3-songs .backup.lastSuccessful.location)" "s3://backups/$BEGINNING/$FIRST.dump" "the status tells where it is"
  expect "$(files)" "$FIRST.dump $FIRST.json " "archive and manifest are there, and nothing else"
  await 10 "it was sent in more than one part" s3_was_asked_for "UploadPart $BEGINNING/$FIRST.dump .*partNumber=2&"
  expect "$(uploads_under_way)" 0 "no upload is under way any more"
}

it_is_what_its_manifest_says() {
  local archive=$S3_FOLDER/archive
  file "$FIRST.dump" > "$archive"
  expect "$(file "$FIRST.json" | jq --raw-output '"\(.sha256) \(.sizeBytes)"')" "$(sha256sum < "$archive" | cut -d' ' -f1) $(stat -c %s "$archive")" \
    "the manifest has the archive's SHA-256 and size"
}

# old NAME: the first backup's manifest as if it were of 2020, with an archive.
old() {
  file "$FIRST.json" | sed "s/$FIRST/$1/; s/\"started\" : \"[^\"]*\"/\"started\" : \"2020-01-01T00:00:00Z\"/" > "$S3_FOLDER/old"
  s3 PUT "backups/$BEGINNING/$1.dump" --data-binary "@$S3_FOLDER/old"
  s3 PUT "backups/$BEGINNING/$1.json" --data-binary "@$S3_FOLDER/old"
}

# begun NAME: an upload as a pod leaves it that is killed; prints its id.
begun() { s3 POST "backups/$BEGINNING/$1.dump?uploads=" | grep -o '<UploadId>[^<]*' | cut -d'>' -f2; }

# The server takes an upload's beginning from the time of its folder.
make_uploads_old() {
  kc exec deployment/s3 --namespace=s3 -- busybox sh -c "busybox touch -d '2020-01-01 00:00' /data/backups/.sgwtmp/multipart/*/*"
}

fault_23_what_a_killed_pod_left_is_removed_and_what_is_under_way_is_not() {
  local left fresh others stay
  left=$(begun songs-20200101T000000Z)
  others=$(begun by-hand)
  make_uploads_old
  fresh=$(begun songs-20200101T000001Z)
  the_retention_removes_old_ones
  stay=$(s3 GET 'backups?uploads=' | grep -o -E "<UploadId>($left|$fresh|$others)" | cut -d'>' -f2)
  expect "$(sort <<< "$stay")" "$(sort <<< "$fresh"$'\n'"$others")" "of the uploads that were begun the old one is gone, and not somebody else's"
  s3 DELETE "backups/$BEGINNING/songs-20200101T000001Z.dump?uploadId=$fresh"
  s3 DELETE "backups/$BEGINNING/by-hand.dump?uploadId=$others"
}

the_retention_removes_old_ones() {
  old s3-songs-20200101T000000Z
  old s3-songs-20200102T000000Z
  s3 PUT "backups/$BEGINNING/s3-songs-20200102T000000Z.verified" --data-binary "@$S3_FOLDER/old"
  back_up second
  await 60 "another backup is made" is_made "$FIRST"
  SECOND=$(last)
  expect "$(files)" "s3-songs-20200102T000000Z.dump s3-songs-20200102T000000Z.json s3-songs-20200102T000000Z.verified $FIRST.dump $FIRST.json $SECOND.dump $SECOND.json " \
    "the old one is gone, the verified one and those of today stay"
  expect_match "$(kc get events --namespace="$NAMESPACE" --field-selector=reason=BackedUp --output='jsonpath={.items[*].message}')" \
    'retention removed s3-songs-20200101T000000Z' "an Event tells what was removed"
}

# The dump ends in the middle, for a column of the last table can't be read; its first part was sent then.
a_dump_that_fails_leaves_nothing() {
  local before
  before=$(files)
  psql_as_admin pg17 s3-songs 'REVOKE SELECT ON zeros FROM "s3-songs"; GRANT SELECT (id) ON zeros TO "s3-songs"'
  back_up broken
  await 60 "a dump that fails is named" fails_with s3-songs InsufficientPrivilege 'permission denied for table zeros'
  expect "$(files)" "$before" "no file of it is there"
  expect "$(uploads_under_way)" 0 "and no part of it"
  await 10 "its upload was aborted" s3_was_asked_for "AbortMultipartUpload $BEGINNING/"
}

# What EKS's webhook puts into a pod: a role, and a file with the pod's own token for those who give the role.
identity_of() {
  cat << JSON
{"spec":{"jobTemplate":{"serviceAccountName":"$1",
  "env":[{"name":"AWS_ROLE_ARN","value":"arn:aws:iam::111122223333:role/backups"},
    {"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"/var/run/secrets/eks.amazonaws.com/serviceaccount/token"},
    {"name":"AWS_ENDPOINT_URL_STS","value":"http://sts.s3"}],
  "volumes":[{"name":"aws-iam-token",
    "projected":{"sources":[{"serviceAccountToken":{"audience":"sts.amazonaws.com","path":"token"}}]}}],
  "volumeMounts":[{"name":"aws-iam-token","mountPath":"/var/run/secrets/eks.amazonaws.com/serviceaccount","readOnly":true}]}}}
JSON
}

# pods_are_of ACCOUNT: those of later backups.
pods_are_of() {
  [[ $(kc get cronjob s3-songs-backup --namespace="$NAMESPACE" \
    --output='jsonpath={.spec.jobTemplate.spec.template.spec.serviceAccountName}') == "$1" ]]
}

a_pod_without_a_secret_shows_its_own_identity() {
  local before
  before=$(last)
  deploy_sts "system:serviceaccount:$NAMESPACE:entitled"
  kc create serviceaccount entitled --namespace="$NAMESPACE" > /dev/null
  kc create serviceaccount other --namespace="$NAMESPACE" > /dev/null
  patch '{"spec":{"backup":{"storage":{"s3":{"credentialsSecretRef":null}}}}}' > /dev/null
  patch "$(identity_of other)" > /dev/null
  await 30 "backups have an account of their own" pods_are_of other
  back_up unentitled
  await 60 "an account that is not entitled is named" fails_with s3-songs BackupStorageFailed \
    "serviceaccount:$NAMESPACE:other may not have.*give the pod's service account an identity"
  patch "$(identity_of entitled)" > /dev/null
  await 30 "backups have the account that is" pods_are_of entitled
  back_up entitled
  await 60 "a backup is made by it" is_made "$before"
  expect_match "$(in_s3 logs deployment/sts)" "given to system:serviceaccount:$NAMESPACE:entitled" "with what it got for its token"
}

# obstruct NUMBER JSON: a backup of that database, after JSON is merged into its spec.backup.storage.s3.
obstruct() {
  local name=s3-many-$1 before
  before=$(inputs "$name")
  change "$name" "{\"backup\":{\"storage\":{\"s3\":$2}}}"
  await 30 "its CronJob has $2" is_other "$name" "$before"
  kc create job "obstacle-$1" --from="cronjob/$name-backup" --namespace="$NAMESPACE" > /dev/null
}

is_other() { [[ $(inputs "$1") != "$2" ]]; }

# is_named NUMBER OBSTACLE PATTERN
is_named() { await 60 "$2 is named" fails_with "s3-many-$1" BackupStorageFailed "$3"; }

each_obstacle_is_named() {
  local number
  for number in $(seq "$MANY"); do await 60 "database $number is there" is_ready_at "s3-many-$number"; done
  obstruct 1 '{"credentialsSecretRef":{"name":"s3-wrong"}}'
  obstruct 2 '{"credentialsSecretRef":{"name":"s3-absent"}}'
  obstruct 3 '{"bucket":"nowhere"}'
  obstruct 4 '{"caRef":null}'
  is_named 1 "a key that is not taken" 'credentials are not taken.*correct Secret s3-wrong'
  is_named 2 "a Secret that is missing" 'Secret s3-absent has no accessKeyId'
  is_named 3 "a bucket that is missing" 'there is no bucket nowhere at https://s3.s3; create it'
  is_named 4 "a certificate that is not trusted" 'TLS with https://s3.s3 failed.*s3.caRef'
  many_databases | apply
  for number in $(seq "$MANY"); do await 30 "database $number has its place again" has_its_place "s3-many-$number"; done
}

# has_its_place NAME: as the last one, which nobody changed, but for its name.
has_its_place() {
  [[ $(place_of "$1") == "$(place_of "s3-many-$MANY" | sed "s/s3-many-$MANY/$1/g")" ]]
}

place_of() {
  kc get cronjob "$1-backup" --namespace="$NAMESPACE" --output=json |
    jq --raw-output '.spec.jobTemplate.spec.template.spec.containers[0].env[] | select(.name == "TUNETRAIL_BACKUP") | .value'
}

nowhere_is_the_secret_told() {
  local name
  {
    kc get pods,jobs,cronjobs,tunetraildatabases,events --namespace="$NAMESPACE" --output=yaml
    for name in $(kc get pods --namespace="$NAMESPACE" --output=name); do kc logs "$name" --namespace="$NAMESPACE" --all-containers; done
  } > "$S3_FOLDER/told"
  grep -q s3-wrong "$S3_FOLDER/told" || fail "nothing was told at all"
  if grep -n "$S3_SECRET" "$S3_FOLDER/told" >&2; then fail "the secret key is told"; fi
  pass "no pod, log, status or event tells the secret key"
}

# many_databases: community ones, each with backups in the bucket; as YAML.
many_databases() {
  local number name
  for number in $(seq "$MANY"); do
    name=s3-many-$number
    binding "$name" pg17
    scripts "$name" 1.sql='CREATE TABLE IF NOT EXISTS zeros (id int);'
    {
      printf 'edition: community\nenvironment: staging\nconnection: {secretRef: {name: %s}}\n' "$name"
      printf 'schema: {createAll: {configMaps: [{name: %s}]}}\n' "$name"
      printf 'backup: {schedule: "7 3 * * *", storage: {s3: {bucket: backups, endpoint: "https://s3.s3",\n'
      printf '  caRef: {configMap: {name: s3-ca, key: ca.crt}}, credentialsSecretRef: {name: s3-writer}}}}\n'
    } | resource "$name"
  done
}

# hold_all: in each of them a session that lets no dump go on, until let_all_go.
hold_all() {
  kc exec --namespace=databases deployment/pg17 --container=postgres -- env PGAPPNAME="holds s3-many" bash -c '
    for number in $(seq "$1"); do
      psql --no-psqlrc --quiet --dbname="s3-many-$number" \
        --command="BEGIN; LOCK TABLE zeros IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)" &
    done
    wait' - "$MANY" > /dev/null 2>&1 &
  await 30 "each of $MANY databases holds a dump up" are_held
}

are_held() {
  [[ $(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'holds s3-many' AND wait_event = 'PgSleep'") == "$MANY" ]]
}

let_all_go() {
  psql_as_admin pg17 postgres \
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'holds s3-many'" > /dev/null
}

dumps_wait() {
  [[ $(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tunetrail-backup/midnight-%'
    AND query LIKE 'LOCK TABLE%'") == "$AT_ONCE" ]]
}

# suspended: how many of these backups were not started.
suspended() {
  kc get jobs --namespace="$NAMESPACE" --output=json |
    jq '[.items[] | select(.metadata.name | startswith("midnight-")) | select(.spec.suspend)] | length'
}

all_are_made() {
  [[ $(kc get tunetraildatabases --namespace="$NAMESPACE" --output=json | jq '[.items[]
    | select(.metadata.name | startswith("s3-many-"))
    | select(any(.status.conditions[]; .type == "BackupHealthy" and .reason == "BackedUp"))] | length') == "$MANY" ]]
}

one_that_is_stopped_leaves_nothing_and_gives_its_slot_away() {
  kc delete job midnight-1 --namespace="$NAMESPACE" --wait=false > /dev/null
  await 60 "the slot of one that is stopped goes to one that waits" is_started "midnight-$MANY"
  await 60 "its upload is gone" lacks_upload s3-many-1
  kc create job midnight-again --from=cronjob/s3-many-1-backup --namespace="$NAMESPACE" > /dev/null
}

are_under_way() { [[ $(uploads_under_way) == "$1" ]]; }
is_started() { [[ $(kc get job "$1" --namespace="$NAMESPACE" --output='jsonpath={.spec.suspend}') == false ]]; }
lacks_upload() { [[ $(s3 GET 'backups?uploads=') != *"$NAMESPACE/$1/"* ]]; }

fault_56_of_many_backups_at_once_some_wait_for_their_turn() {
  local number
  hold_all
  for number in $(seq "$MANY"); do
    kc create job "midnight-$number" --from="cronjob/s3-many-$number-backup" --namespace="$NAMESPACE" > /dev/null
  done
  await 30 "$AT_ONCE backups are under way on one server" dumps_wait
  expect "$(suspended)" "$((MANY - AT_ONCE))" "the others wait for their turn"
  await 30 "and have begun no upload" are_under_way "$AT_ONCE"
  one_that_is_stopped_leaves_nothing_and_gives_its_slot_away
  let_all_go
  await 60 "all of them are made, and what failed before has healed" all_are_made
}

fresh_namespace
mapfile -t DATABASES < <(seq --format=s3-many-%g "$MANY")
new_databases pg17 s3-songs "${DATABASES[@]}"
trap remove_s3 EXIT
deploy_s3
a_database_with_backups_in_a_bucket
a_backup_is_made_in_parts
it_is_what_its_manifest_says
fault_23_what_a_killed_pod_left_is_removed_and_what_is_under_way_is_not
a_pod_without_a_secret_shows_its_own_identity
a_dump_that_fails_leaves_nothing
each_obstacle_is_named
fault_56_of_many_backups_at_once_some_wait_for_their_turn
nowhere_is_the_secret_told
