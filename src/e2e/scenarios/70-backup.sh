#!/bin/bash
# Backups: a CronJob makes them, a migration waits for one, old ones go, a migration that wants one first has one made, and what
# goes wrong is named. None is verified or restored here.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../volumes.sh"

FOLDER=/backups/backed
SONGS="CREATE TABLE songs (id int PRIMARY KEY, title text NOT NULL, words text);
    INSERT INTO songs SELECT n, 'song ' || n || ' éà\"''', md5(random()::text) FROM generate_series(1, 60000) n;
    CREATE TABLE plays (song int REFERENCES songs, day date) PARTITION BY RANGE (day);
    CREATE TABLE plays_2026 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    INSERT INTO plays SELECT n, '2026-05-01' FROM generate_series(1, 100) n;"

archives() { in_volume bash -c "cd $FOLDER && ls -A | LC_ALL=C sort | grep -v json | tr '\n' ' '"; }

# The page's own spec.backup.
page_backup() { page_blocks yaml '^spec:\n  backup:.*persistentVolumeClaim' backups; }

backup_is() { condition_is "$NAMESPACE" "$1" BackupHealthy "$2"; }

backup_says() {
  backup_is "$1" "$2" && [[ $(condition_message "$NAMESPACE" "$1" BackupHealthy) =~ $3 ]]
}

# back_up JOB: makes a backup by hand.
back_up() { kc create job "$1" --from=cronjob/backed-backup --namespace="$NAMESPACE" > /dev/null; }

is_last() { [[ $(status "$NAMESPACE" backed .backup.lastSuccessful.name) != "$1" ]]; }

cron_job() { kc get cronjob backed-backup --namespace="$NAMESPACE" --output="jsonpath={.spec$1}"; }

# community NAME SERVER: a resource that is backed up each minute.
community() {
  binding "$1" "$2"
  scripts "$1" 1.sql='CREATE TABLE IF NOT EXISTS voices (id int);'
  resource "$1" << YAML
edition: community
environment: staging
connection: {secretRef: {name: $1}}
schema: {createAll: {configMaps: [{name: $1}]}}
backup:
  schedule: "* * * * *"
  verification: {suspend: true}
  storage: {persistentVolumeClaim: {claimName: backups, path: others/too}}
YAML
}

the_cron_job_is_made() {
  {
    binding backed pg17
    scripts backed V1__songs.sql="$SONGS"
    flyway backed staging latest
    community descant pg15
    community chant pg17
  } | apply
  await 60 "the database is migrated" is_ready_at backed 1
  kc patch tunetraildatabase backed --namespace="$NAMESPACE" --type=merge --patch="$(page_backup)" > /dev/null
  change backed '{"backup":{"retention":{"days":1,"minimum":1},"verification":{"suspend":true}}}'
  await 30 "the status says that there is no backup yet" backup_is backed "Unknown NoBackupYet"
  expect_match "$(cron_job .schedule) $(cron_job .timeZone) $(cron_job .concurrencyPolicy) $(cron_job .startingDeadlineSeconds)" \
    '^([12]?[0-9]) 3 \* \* \* Europe/Berlin Forbid 43200$' "the CronJob has the page's schedule, spread over half an hour"
}

fault_11_an_edited_cron_job_is_put_back() {
  kc patch cronjob backed-backup --namespace="$NAMESPACE" --type=merge --patch='{"spec":{"suspend":true}}' > /dev/null
  await 30 "a CronJob that was suspended by hand is put back" is_not_suspended
}

# On a server of its own, for here as elsewhere only so many run at once on one.
fault_35_a_backup_takes_longer_than_until_the_next_times() {
  await 60 "community's table is there" is_ready_at descant
  hold pg15 descant 'LOCK TABLE voices IN ACCESS EXCLUSIVE MODE'
}

# slow: the time of the schedule that the one which works is of, in seconds; nothing where none works.
slow() {
  kc get jobs --namespace="$NAMESPACE" --selector=tunetrail.io/database=descant,tunetrail.io/task=backup --output=json |
    jq '.items[] | select(.status.active) | .metadata.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] | fromdate'
}

works_for_two_minutes() {
  local slot
  slot=$(slow)
  echo "slot: $slot"
  [[ -n $slot ]] && (($(date +%s) - slot > 125))
}

fault_35_the_times_that_it_overlaps_are_skipped_and_counted() {
  local missed
  await 200 "a backup works while two times of its schedule pass" works_for_two_minutes
  expect "$(slow | wc -l)/$(dumps)" 1/1 "it is the only one that works, as PostgreSQL sees it, too"
  missed=$(status "$NAMESPACE" descant .backup.missedRuns)
  let_go pg15 descant
  await 75 "the next one runs when it is done, and the time between is counted" has_missed_more_than "$missed" descant
  await 60 "and is made" backup_is descant "True BackedUp"
  expect_match "$(kc get events --namespace="$NAMESPACE" --field-selector=reason=JobAlreadyActive --output='jsonpath={.items[*].message}')" \
    'Not starting job' "Kubernetes told that it was skipped"
}

dumps() {
  psql_as_admin pg15 descant "SELECT count(*) FROM pg_stat_activity WHERE datname = 'descant' AND query LIKE 'LOCK TABLE%'
    AND wait_event_type = 'Lock'"
}

has_missed_more_than() { (($(status "$NAMESPACE" "$2" .backup.missedRuns) > $1)); }

# Of both, Kubernetes and the operator, it is as if they had been away for three hours.
fault_34_over_100_times_pass_without_a_backup() {
  local before
  await 30 "missed times are counted" counts chant
  before=$(date --utc --date='3 hours ago' +%FT%TZ)
  kc patch cronjob chant-backup --namespace="$NAMESPACE" --subresource=status --type=merge --patch="{\"status\":{\"lastScheduleTime\":\"$before\"}}" > /dev/null
  kc patch tunetraildatabase chant --namespace="$NAMESPACE" --subresource=status --type=merge \
    --patch="{\"status\":{\"backup\":{\"countedUntil\":\"$before\"}}}" > /dev/null
}

counts() { [[ -n $(status "$NAMESPACE" "$1" .backup.countedUntil) ]]; }

fault_34_the_next_one_runs_all_the_same_and_the_missed_ones_are_told() {
  await 75 "the next one was made" backup_is chant "True BackedUp"
  await 30 "the missed ones are counted" has_missed_many chant
  expect_match "$(kc get events --namespace="$NAMESPACE" --field-selector=reason=BackupMissed --output='jsonpath={.items[*].message}')" \
    'was not begun' "an Event told of them"
}

has_missed_many() {
  local missed
  missed=$(status "$NAMESPACE" "$1" .backup.missedRuns)
  echo "missed: $missed"
  ((missed > 100))
}

is_not_suspended() { [[ $(cron_job .suspend) == false ]]; }

fault_38_a_bad_schedule_is_named_and_stops_nothing() {
  local refused
  refused=$(kc patch tunetraildatabase backed --namespace="$NAMESPACE" --type=merge \
    --patch='{"spec":{"backup":{"schedule":"@daily"}}}' 2>&1 || true)
  expect_match "$refused" 'spec.backup.schedule' "a text that is no schedule is refused at once"
  change backed '{"backup":{"timeZone":"Mars/Olympus"}}'
  await 30 "a time zone that is none is named" backup_says backed "False InvalidSchedule" "Mars/Olympus"
  change backed '{"backup":{"timeZone":"Europe/Berlin","schedule":"7 3 30 2 *"}}'
  await 30 "30 February is named" backup_says backed "False InvalidSchedule" "never comes"
  expect "$(condition "$NAMESPACE" backed Ready)" "True UpToDate" "the database is Ready all the same"
  change backed '{"backup":{"schedule":"7 3 * * *"}}'
  await 30 "and it heals" backup_is backed "Unknown NoBackupYet"
}

a_backup_is_made_and_told() {
  psql_as_admin pg17 backed "ALTER ROLE backed PASSWORD 'geheim: äöß'"
  kc patch secret backed --namespace="$NAMESPACE" --type=merge --patch='{"stringData":{"password":"geheim: äöß"}}' > /dev/null
  back_up by-hand
  await 60 "the backup is made" backup_is backed "True BackedUp"
  FIRST=$(status "$NAMESPACE" backed .backup.lastSuccessful.name)
  expect "$(status "$NAMESPACE" backed .backup.lastSuccessful.migrationVersion)" 1 "the status tells its migration version"
  expect "$(status "$NAMESPACE" backed .backup.lastSuccessful.location)" "backups/backed/$FIRST.dump" "and where it is"
  expect "$(archives)" "$FIRST.dump " "nothing else is there"
}

manifest() { in_volume cat "$FOLDER/$FIRST.json" | jq --raw-output "$1"; }

its_manifest_tells_the_truth() {
  expect "$(manifest .sha256) $(manifest .sizeBytes)" \
    "$(in_volume bash -c "sha256sum < $FOLDER/$FIRST.dump | cut -d' ' -f1; stat -c %s $FOLDER/$FIRST.dump" | xargs)" \
    "the manifest has the archive's size and SHA-256"
  expect "$(manifest '[.tables[] | select(.schema == "public") | "\(.table)=\(.rows)"] | join(" ")')" \
    "$(psql_as_admin pg17 backed "SELECT string_agg(format('%s=%s', t, n), ' ') FROM (SELECT 'flyway_schema_history' t, count(*) n
      FROM flyway_schema_history UNION ALL SELECT 'plays_2026', count(*) FROM plays_2026 UNION ALL
      SELECT 'songs', count(*) FROM songs ORDER BY 1) counted")" "its rows are those that psql counts"
  expect_match "$(manifest .tool) $(manifest .content.serverVersion) $(manifest .compression)" \
    '^pg_dump \(PostgreSQL\) 17\..* 17[0-9]{4} zstd$' "pg_dump of the server's own major made it"
  expect_match "$(manifest '.content.roles | join(" ")') $(manifest .content.locale.encoding)" 'backed.* UTF8$' \
    "the roles and the encoding that a restore needs are named"
}

# old NAME: the first backup as if it were of 2020.
old() {
  in_volume bash -c "cd $FOLDER && cp $FIRST.dump $1.dump &&
    sed 's/$FIRST/$1/; s/\"started\" : \"[^\"]*\"/\"started\" : \"2020-01-01T00:00:00Z\"/' $FIRST.json > $1.json && chown 65532:65532 $1.*"
}

the_retention_removes_old_ones_and_not_the_last_that_was_verified() {
  old backed-20200101T000000Z
  old backed-20200102T000000Z
  in_volume touch "$FOLDER/backed-20200102T000000Z.verified"
  back_up second
  await 60 "another backup is made" is_last "$FIRST"
  expect "$(archives)" "backed-20200102T000000Z.dump backed-20200102T000000Z.verified $FIRST.dump $(status "$NAMESPACE" backed .backup.lastSuccessful.name).dump " \
    "the old one is gone, the verified one and that of today stay"
  expect_match "$(kc get events --namespace="$NAMESPACE" --field-selector=reason=BackedUp --output='jsonpath={.items[*].message}')" \
    'retention removed backed-20200101T000000Z' "an Event tells what was removed"
}

holds_the_fence() {
  [[ $(psql_as_admin pg17 backed "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tunetrail-backup/slow%'
    AND query LIKE 'LOCK TABLE%'") != 0 ]]
}

a_migration_waits_for_a_backup() {
  hold pg17 backed 'LOCK TABLE plays_2026 IN ACCESS EXCLUSIVE MODE'
  back_up slow
  await 60 "a backup is under way" holds_the_fence
  scripts backed V1__songs.sql="$SONGS" V2__bands.sql='CREATE TABLE bands (id int);' | apply
  await 60 "the migration says that it waits for the backup" says backed WaitingForBackup 'tunetrail-backup/slow'
  let_go pg17 backed
  await 60 "both are done then" is_ready_at backed 2
  agrees backed pg17
}

fault_23_a_full_disk_is_named_and_stops_the_migration_that_wants_a_backup_first() {
  change backed '{"migration":{"backupFirst":"Complete"},"jobTemplate":{
    "volumes":[{"name":"small","emptyDir":{"medium":"Memory","sizeLimit":"256Ki"}}],
    "volumeMounts":[{"name":"small","mountPath":"/backup/backed"}]}}'
  await 30 "the CronJob has a place that is too small" has_volume small
  scripts backed V1__songs.sql="$SONGS" V2__bands.sql='CREATE TABLE bands (id int);' V3__loss.sql='DROP TABLE bands;' | apply
  await 60 "the full disk is named" backup_says backed "False BackupStorageFailed" "No space left.*spec.backup.retention"
  await 30 "the migration waits for it" says backed BackupFirstFailed 'BackupStorageFailed.*backupFirst to Never'
  expect "$(psql_as_admin pg17 backed "SELECT max(version) FROM flyway_schema_history")" 2 "nothing of it has run"
  kc patch tunetraildatabase backed --namespace="$NAMESPACE" --type=merge --patch='{"spec":{"jobTemplate":null}}' > /dev/null
}

the_migration_starts_once_a_backup_of_what_it_finds_is_complete() {
  await 90 "both are done by themselves when there is room" is_ready_at backed 3
  expect "$(status "$NAMESPACE" backed .lastMigration.backup)" "$(status "$NAMESPACE" backed .backup.lastSuccessful.name)" \
    "the migration's status names the backup"
  expect "$(status "$NAMESPACE" backed .backup.lastSuccessful.migrationVersion)" 2 "which holds what was there before it"
  expect_match "$(archives)" '^(backed-[0-9TZ]+\.(dump|verified) )+$' "no part of one that failed is left"
  agrees backed pg17
}

has_volume() { [[ $(cron_job .jobTemplate.spec.template.spec.volumes[*].name) == *"$1"* ]]; }

community_has_them_in_folders_of_its_own() {
  expect_match "$(status "$NAMESPACE" descant .backup.lastSuccessful.location)" '^backups/others/too/descant/descant-.*\.dump$' "in a folder of its own"
}

they_end_with_the_spec() {
  kc patch tunetraildatabase descant --namespace="$NAMESPACE" --type=merge --patch='{"spec":{"backup":null}}' > /dev/null
  await 30 "without spec.backup there is no CronJob, and the status says nothing of backups" has_no_backups descant
}

has_no_backups() {
  [[ -z $(kc get cronjob "$1-backup" --namespace="$NAMESPACE" --ignore-not-found --output=name) ]] &&
    [[ -z $(status "$NAMESPACE" "$1" .backup)$(condition "$NAMESPACE" "$1" BackupHealthy) ]]
}

fresh_namespace
new_databases pg17 backed chant
new_databases pg15 descant
a_claim_with_a_volume
the_cron_job_is_made
fault_35_a_backup_takes_longer_than_until_the_next_times
fault_34_over_100_times_pass_without_a_backup
fault_11_an_edited_cron_job_is_put_back
fault_38_a_bad_schedule_is_named_and_stops_nothing
a_backup_is_made_and_told
its_manifest_tells_the_truth
the_retention_removes_old_ones_and_not_the_last_that_was_verified
a_migration_waits_for_a_backup
fault_23_a_full_disk_is_named_and_stops_the_migration_that_wants_a_backup_first
the_migration_starts_once_a_backup_of_what_it_finds_is_complete
fault_35_the_times_that_it_overlaps_are_skipped_and_counted
community_has_them_in_folders_of_its_own
fault_34_the_next_one_runs_all_the_same_and_the_missed_ones_are_told
they_end_with_the_spec
