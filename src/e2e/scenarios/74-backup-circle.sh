#!/bin/bash
# The whole circle of backups on each major of PostgreSQL, in a volume and in a bucket over TLS: the schedule makes one by
# itself, the retention keeps the last that was verified, the new one is restored and compared, the live database loses rows,
# and a restore in place brings each of them back. Some are encrypted, as src/docs/backup-encryption.md has it, and some dumped
# by several sessions. All databases go round at once; no pod has more than 128 MiB.
# Lane: majors
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"
# shellcheck source=/dev/null
source "$E2E/s3/s3.sh"

# Beside 15 and 17, which are there for all scenarios.
MAJORS=(14 16 18)
# The place and the major of each database.
DATABASES=(volume15 volume16 volume17 bucket14 bucket15 bucket17 bucket18)
ENCRYPTED=(volume16 bucket14 bucket17)
PARALLEL=(volume17 bucket14 bucket18)
# Of these the pods have a volume to work in, each one of its own.
WORKSPACE=volume17
WORKSPACES=4
ROWS=$(mktemp -d)
PAGE=$ROOT/src/docs/backup-encryption.md
SONGS="CREATE TABLE songs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL UNIQUE, sound bytea,
        tags jsonb, price numeric(9, 3), heard timestamptz DEFAULT now(), parts text[]);
    INSERT INTO songs (title, sound, tags, price, parts) SELECT E'song\n' || n || ' éà\"''',
        sha512(random()::text::bytea) || sha512(random()::text::bytea) || sha512(random()::text::bytea) || sha512(n::text::bytea),
        CASE WHEN n % 3 > 0 THEN jsonb_build_object('n', n, 'deep', ARRAY[n, NULL]) END, n / 7.0, ARRAY['a b', NULL, '{}']
      FROM generate_series(1, 20000) n;
    CREATE TABLE plays (song int NOT NULL REFERENCES songs, day date NOT NULL) PARTITION BY RANGE (day);
    CREATE TABLE plays_2026 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    INSERT INTO plays SELECT n, date '2026-05-01' + n % 30 FROM generate_series(1, 2000) n;
    CREATE INDEX plays_day ON plays (day);
    CREATE VIEW hits AS SELECT s.title, count(*) FROM songs s JOIN plays p ON p.song = s.id GROUP BY 1;
    GRANT SELECT ON songs, hits TO circle_app;"

# server DATABASE
server() { echo "pg${1: -2}"; }
name() { echo "circle-$1"; }
last() { status "$NAMESPACE" "$(name "$1")" ".backup.$2"; }

# note_rows DATABASE WHEN: a line for each row of each table, in a file beside the server.
note_rows() {
  psql_as_admin "$(server "$1")" "circle_$1" "COPY (SELECT line FROM (SELECT 'songs', id, s::text FROM songs s
      UNION ALL SELECT 'plays', song, p::text FROM plays p
      UNION ALL SELECT 'flyway_schema_history', installed_rank, f::text FROM flyway_schema_history f) AS all_rows (name, number, line)
    ORDER BY name, number, line) TO '/tmp/circle_$1.$2'"
}

# beside DATABASE COMMAND: runs where note_rows left its files.
beside() { kc exec --namespace=databases "deployment/$(server "$1")" --container=postgres -- bash -c "cd /tmp && $2"; }

# What is done in a database's place: a folder of the volume, or the keys below a prefix.
files() {
  case $1 in
    volume*) in_volume ls "/backups/$(name "$1")" ;;
    *) s3 GET "backups?list-type=2&prefix=$NAMESPACE%2F$(name "$1")%2F" | grep -o '<Key>[^<]*' | sed 's|.*/||' ;;
  esac | LC_ALL=C sort | tr '\n' ' '
}

# file DATABASE NAME
file() {
  case $1 in
    volume*) in_volume cat "/backups/$(name "$1")/$2" ;;
    *) s3 GET "backups/$NAMESPACE/$(name "$1")/$2" ;;
  esac
}

# sum DATABASE NAME: its SHA-256, told where it lies, for exec on a busy machine may lose the end of what is long.
sum() {
  case $1 in
    volume*) in_volume sha256sum "/backups/$(name "$1")/$2" ;;
    *) file "$1" "$2" | sha256sum ;;
  esac | cut -d' ' -f1
}

# beginning DATABASE NAME: its first bytes.
beginning() {
  case $1 in
    volume*) in_volume head -c 5 "/backups/$(name "$1")/$2" ;;
    *) file "$1" "$2" > "$ROWS/file" && head -c 5 "$ROWS/file" ;;
  esac
}

# put DATABASE NAME: the standard input.
put() {
  case $1 in
    volume*) in_volume bash -c "mkdir -p /backups/$(name "$1") && cat > /backups/$(name "$1")/$2 && chown -R 65532:65532 /backups/$(name "$1")" ;;
    *)
      cat > "$ROWS/put"
      s3 PUT "backups/$NAMESPACE/$(name "$1")/$2" --data-binary "@$ROWS/put"
      ;;
  esac
}

# old DATABASE NAME: a backup of 2020, as far as the retention is concerned.
old() {
  echo archive | put "$1" "$2.dump"
  put "$1" "$2.json" << JSON
{"format": 1, "name": "$2", "resource": "$NAMESPACE/$(name "$1")", "archive": "$2.dump", "sizeBytes": 8, "sha256": "",
 "tables": [], "started": "2020-01-01T00:00:00Z", "finished": "2020-01-01T00:00:01Z"}
JSON
}

is_encrypted() { [[ " ${ENCRYPTED[*]} " == *" $1 "* ]]; }
is_parallel() { [[ " ${PARALLEL[*]} " == *" $1 "* ]]; }

# There is nobody who makes volumes when claims ask for them.
volumes_to_work_in() {
  local number
  in_volume bash -c "mkdir -p /backups/workspace-{1..$WORKSPACES} && chown 65532:65532 /backups/workspace-*"
  for ((number = 1; number <= WORKSPACES; number++)); do
    cat << YAML
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: $NAMESPACE-workspace-$number}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: $NAMESPACE
  hostPath: {path: /var/tmp/$NAMESPACE/workspace-$number}
YAML
  done | kc apply --filename=- > /dev/null
}

without_volumes_to_work_in() {
  local number
  for ((number = 1; number <= WORKSPACES; number++)); do
    kc delete persistentvolume "$NAMESPACE-workspace-$number" --ignore-not-found --wait=false > /dev/null
  done
}

install_age() {
  if command -v age > /dev/null; then return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends age > /dev/null
}

# page LANGUAGE: the first such block of the page.
page() { awk -v language="$1" '$0 == "```" language && !seen {inside = seen = 1; next} /^```$/ {inside = 0} inside' "$PAGE"; }

# The page's own commands make the Secret.
keys_are_made() {
  (
    kubectl() { command kubectl --kubeconfig="$E2E_KUBECONFIG" --namespace="$NAMESPACE" "$@" > /dev/null; }
    cd "$ROWS"
    eval "$(page sh)"
  )
  expect_match "$(kc get secret songs-backup-keys --namespace="$NAMESPACE" --output='jsonpath={.data.recipient}' | base64 -d)" '^age1' \
    "the page's commands make a Secret"
}

roles_on() {
  psql_script "$1" << SQL
SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database WHERE datname LIKE 'circle\_%' \gexec
SELECT 'CREATE ROLE ' || r FROM unnest(ARRAY['circle_admin', 'circle_app']) r WHERE to_regrole(r) IS NULL \gexec
ALTER ROLE circle_admin LOGIN PASSWORD 'secret' CREATEDB;
ALTER ROLE circle_app LOGIN PASSWORD 'secret';
GRANT pg_signal_backend TO circle_admin;
SQL
}

databases_are_there() {
  local database major
  for major in 15 17 "${MAJORS[@]}"; do roles_on "pg$major"; done
  for database in "${DATABASES[@]}"; do
    new_databases "$(server "$database")" "circle_$database"
    # It makes the scratch databases by itself, as there is no other server for them.
    psql_script "$(server "$database")" <<< "ALTER ROLE circle_$database CREATEDB; GRANT circle_$database TO circle_admin;"
  done
}

they_are_migrated() {
  local database server
  for database in "${DATABASES[@]}"; do
    server=$(server "$database")
    binding "$(name "$database")" "$server" database="circle_$database" username="circle_$database"
    binding "$(name "$database")-admin" "$server" database=postgres username=circle_admin
    scripts "$(name "$database")" V1__songs.sql="$SONGS"
    flyway "$(name "$database")" staging latest 'jobTemplate: {resources: {requests: {cpu: 50m}, limits: {memory: 128Mi}}}'
  done | apply
  printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: s3-writer}\nstringData: {accessKeyId: %s, secretAccessKey: %s}\n' \
    "$S3_KEY" "$S3_SECRET" | apply
  kc create configmap s3-ca --namespace="$NAMESPACE" --from-literal=ca.crt="$(s3_ca)" > /dev/null
  for database in "${DATABASES[@]}"; do await 90 "$database is migrated" is_ready_at "$(name "$database")" 1; done
}

storage() {
  case $1 in
    volume*) echo '{"persistentVolumeClaim":{"claimName":"backups"}}' ;;
    *)
      echo '{"s3":{"bucket":"backups","endpoint":"https://s3.s3","caRef":{"configMap":{"name":"s3-ca","key":"ca.crt"}},
        "credentialsSecretRef":{"name":"s3-writer"}}}'
      ;;
  esac
}

# each FUNCTION: what it does with a database, with all of them.
each() {
  local database
  for database in "${DATABASES[@]}"; do "$@" "$database"; done
}

gets_old_backups_and_a_schedule() {
  old "$1" "$(name "$1")-20200101T000000Z"
  old "$1" "$(name "$1")-20200102T000000Z"
  date | put "$1" "$(name "$1")-20200102T000000Z.verified"
  note_rows "$1" before
  if is_encrypted "$1"; then
    kc patch tunetraildatabase "$(name "$1")" --namespace="$NAMESPACE" --type=merge --patch="$(page yaml)
    schedule: '* * * * *'
    suspend: true
    storage: $(storage "$1")" > /dev/null
  fi
  if is_parallel "$1"; then change "$(name "$1")" "{\"backup\":$(parallel "$1")}"; fi
  change "$(name "$1")" "{\"backup\":{\"suspend\":false,\"schedule\":\"* * * * *\",\"retention\":{\"days\":1,\"minimum\":1},\"storage\":$(storage "$1")}}"
}

# parallel DATABASE: suspended until its schedule is given.
parallel() {
  local workspace=null
  if [[ $1 == "$WORKSPACE" ]]; then workspace="{\"storage\":\"64Mi\",\"storageClassName\":\"$NAMESPACE\"}"; fi
  echo "{\"schedule\":\"* * * * *\",\"suspend\":true,\"storage\":$(storage "$1"),\"parallel\":{\"jobs\":3,\"workspace\":$workspace}}"
}

is_made() { condition_is "$NAMESPACE" "$(name "$1")" BackupHealthy "True BackedUp"; }
is_verified() { is_made "$1" && [[ $(last "$1" lastVerified.name) == "$(cat "$ROWS/$1.backup")" ]]; }

slots() {
  kc get jobs --namespace="$NAMESPACE" --output=json | jq --raw-output --arg cronjob "$(name "$1")-backup" '.items[]
    | select(any(.metadata.ownerReferences[]; .kind == "CronJob" and .name == $cronjob))
    | .metadata.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"]'
}

has_begun() { slots "$1" | grep .; }

the_schedule_begins_one() {
  await 120 "the schedule of $1 begins a backup" has_begun "$1"
  # No other one, also where what there is is slow to be made and looked at.
  change "$(name "$1")" '{"backup":{"schedule":"7 3 * * *"}}'
}

it_is_made() {
  await 120 "a backup of $1 is made" is_made "$1"
  expect_match "$(slots "$1")" '^20[0-9]{2}-[0-9T:-]+:00Z$' "by its schedule, and no other"
  last "$1" lastSuccessful.name > "$ROWS/$1.backup"
}

it_is_verified_and_what_its_manifest_says() {
  local backup major
  await 90 "the backup of $1 is verified" is_verified "$1"
  backup=$(cat "$ROWS/$1.backup")
  major=${1: -2}
  file "$1" "$backup.json" > "$ROWS/manifest"
  expect "$(jq --raw-output '.sha256' "$ROWS/manifest")" "$(sum "$1" "$backup.dump")" \
    "the manifest of $1 has the archive's SHA-256"
  expect_match "$(jq --raw-output '(.content.serverVersion / 10000 | floor), .content.migrationVersion,
      (.tables | map(select(.schema == "public") | "\(.table)=\(.rows)") | sort[])' "$ROWS/manifest" | xargs)" \
    "^$major 1 flyway_schema_history=1 plays_2026=2000 songs=20000\$" "and its major, version and rows"
  expect_match "$(files "$1")" "^$(name "$1")-20200102T000000Z.dump $(name "$1")-20200102T000000Z.json $(name "$1")-20200102T000000Z.verified $(name "$1")-2.* $backup.verified " \
    "the old one is gone, the old one that was verified stays, the new one is noted as verified"
}

its_archive_is_encrypted_if_that_is_asked_for() {
  local backup format="null custom PGDMP"
  backup=$(cat "$ROWS/$1.backup")
  # The first file of a tar is that of a table, whose number is its name.
  if is_parallel "$1"; then format="null directory [0-9]{4,5}[.0-9]*"; fi
  if is_encrypted "$1"; then format="age-encryption.org/v1 [a-z]+ age-e"; fi
  expect_match "$(file "$1" "$backup.json" | jq --raw-output '"\(.encryption.format) \(.archiveFormat)"') $(beginning "$1" "$backup.dump")" \
    "^$format\$" "the archive of $1 is what its manifest says"
  if is_encrypted "$1"; then
    expect "$(kc get cronjob "$(name "$1")-backup" --namespace="$NAMESPACE" --output=json | jq --compact-output \
      '[.spec.jobTemplate.spec.template.spec.volumes[] | select(.secret.secretName == "songs-backup-keys").secret.items[].key]')" \
      '["recipient"]' "no pod that makes backups has the secret key"
  fi
}

# Those of backup and verification, and later of the restore.
its_pods_have_volumes_to_work_in() {
  expect_match "$(kc get persistentvolumeclaims --namespace="$NAMESPACE" --output=json | jq --raw-output --arg owner "$(name "$WORKSPACE")-" \
      '.items[] | select(any(.metadata.ownerReferences[]?; .kind == "Pod" and (.name | startswith($owner)))) | .status.phase' | xargs)" \
    "^Bound( Bound)+\$" "each pod of $WORKSPACE has a volume to work in, which goes with it"
}

whoever_has_the_key_opens_it_without_the_operator() {
  file bucket17 "$(cat "$ROWS/bucket17.backup").dump" | age --decrypt --identity "$ROWS/identity" > "$ROWS/archive"
  new_databases pg17 circle_by_hand
  kc exec --stdin --namespace=databases deployment/pg17 --container=postgres -- \
    pg_restore --exit-on-error --no-owner --dbname=circle_by_hand < "$ROWS/archive"
  expect "$(psql_as_admin pg17 circle_by_hand "SELECT md5(string_agg(s::text, E'\n' ORDER BY id)) FROM songs s")" \
    "$(psql_as_admin pg17 circle_bucket17 "SELECT md5(string_agg(s::text, E'\n' ORDER BY id)) FROM songs s")" \
    "by age and pg_restore alone each row comes back"
}

loses_rows_and_is_restored() {
  psql_as_admin "$(server "$1")" "circle_$1" "DELETE FROM plays; DELETE FROM songs WHERE id % 2 = 0;
    UPDATE songs SET title = 'lost ' || id WHERE id % 3 = 0; INSERT INTO songs (title) VALUES ('of later')"
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << YAML
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: $(name "$1")}
spec:
  databaseRef: {name: $(name "$1")}
  backup: {name: $(cat "$ROWS/$1.backup")}
  into: {inPlace: {}}
  admin: {secretRef: {name: $(name "$1")-admin}}
  approval: {backup: $(cat "$ROWS/$1.backup"), approvedBy: ada}
YAML
}

# restored DATABASE FIELD: of its TuneTrailRestore's status.
restored() { kc get ttrestore "$(name "$1")" --namespace="$NAMESPACE" --output="jsonpath={.status$2}"; }

is_restored() {
  restored "$1" ''
  [[ $(restored "$1" .phase) == Restored ]]
}

each_row_is_back() {
  local server
  server=$(server "$1")
  await 120 "$1 is restored in place" is_restored "$1"
  note_rows "$1" after
  expect "$(beside "$1" "diff circle_$1.before circle_$1.after | head -c 500; wc -l < circle_$1.after; rm circle_$1.*")" 22001 \
    "each row of $1 is as it was"
  expect "$(psql_as "$server" "circle_$1" circle_app secret 'SELECT (SELECT count(*) FROM songs), (SELECT sum(count) FROM hits)')" \
    "20000|2000" "the application reads them"
  expect "$(psql_as "$server" "circle_$1" "circle_$1" secret "INSERT INTO songs (title) VALUES ('the next') RETURNING id")" 20001 \
    "a new row gets the next number"
  expect_match "$(files "$1")" " $(restored "$1" .safetyBackup).dump " "what was replaced is a backup, too"
  await 60 "$1 is Ready" is_ready_at "$(name "$1")" 1
}

# Of another key than the backup's.
by_another_key_nothing_is_restored() {
  local database=${ENCRYPTED[0]}
  age-keygen --output "$ROWS/other" 2> /dev/null
  kc create secret generic songs-backup-keys --namespace="$NAMESPACE" --from-file=identity="$ROWS/other" --dry-run=client --output=yaml | apply
  kc apply --namespace="$NAMESPACE" --filename=- > /dev/null << YAML
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: by-another-key}
spec:
  databaseRef: {name: $(name "$database")}
  backup: {name: $(cat "$ROWS/$database.backup")}
  into: {newDatabase: circle_other}
YAML
  await 60 "another key is named" by_another_key_says "BackupKeyUnfit: the identity in Secret songs-backup-keys does not open .*$(cat "$ROWS/recipient")"
  expect "$(psql_as_admin "$(server "$database")" postgres "SELECT count(*) FROM pg_database WHERE datname = 'circle_other'")" 0 \
    "and no database is made"
}

by_another_key_says() {
  local said
  said=$(kc get ttrestore by-another-key --namespace="$NAMESPACE" \
    --output="jsonpath={.status.conditions[?(@.type=='Ready')].reason}: {.status.conditions[?(@.type=='Ready')].message}")
  echo "$said"
  [[ $said =~ $1 ]]
}

clear_up() {
  without_volumes_to_work_in
  remove_volume
  remove_s3
  remove_servers "${MAJORS[@]}"
  rm -rf "$ROWS"
}

install_age
fresh_namespace
keys_are_made
more_servers "${MAJORS[@]}"
a_claim_with_a_volume
trap clear_up EXIT
volumes_to_work_in
deploy_s3
databases_are_there
they_are_migrated
each gets_old_backups_and_a_schedule
each the_schedule_begins_one
each it_is_made
each it_is_verified_and_what_its_manifest_says
each its_archive_is_encrypted_if_that_is_asked_for
its_pods_have_volumes_to_work_in
whoever_has_the_key_opens_it_without_the_operator
each loses_rows_and_is_restored
each each_row_is_back
by_another_key_nothing_is_restored
kc delete tunetraildatabases,tunetrailrestores --all --namespace="$NAMESPACE" > /dev/null
