#!/bin/bash
# What the spec alone shows to be wrong is refused by the API server itself, with a message that says what to write instead.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

MIGRATES='{flyway: {configMaps: [{name: sql}]}}'
ALEMBIC='{alembic: {image: app}}'
CREATES='{createAll: {configMaps: [{name: sql}]}}'
SECRET='{secretRef: {name: db}}'

# spec EDITION ENVIRONMENT SCHEMA CONNECTION [LINE...]
spec() {
  printf 'edition: %s\nenvironment: %s\nschema: %s\nconnection: %s\n' "${@:1:4}"
  printf '%s\n' "${@:5}"
}

# refused PATTERN DESCRIPTION: the spec on the standard input is refused with words that match.
refused() {
  local said
  if said=$(resource refused | kc apply --namespace="$NAMESPACE" --filename=- 2>&1); then
    fail "the API server accepted: $2: $(kc get ttdb refused --namespace="$NAMESPACE" --output=yaml)"
  fi
  expect_match "$said" "$1" "refused: $2"
}

editions_need_their_own_schema() {
  spec community development "$MIGRATES" "$SECRET" |
    refused 'creates its tables from schema.createAll' "community without createAll"
  spec commercial staging "$CREATES" "$SECRET" | refused 'exactly one of schema.flyway and schema.alembic' "commercial without an engine"
  spec community development "$CREATES" "$SECRET" 'targetVersion: "3"' |
    refused 'leave targetVersion out' "community with a target version"
  spec saas staging '{flyway: {configMaps: [{name: sql}]}, alembic: {image: app}}' "$SECRET" |
    refused 'exactly one of schema.flyway and schema.alembic' "two engines at once"
  spec community development '{createAll: {}}' "$SECRET" | refused 'exactly one of configMaps and program' "createAll of nothing"
  spec trial development "$MIGRATES" "$SECRET" | refused 'Unsupported value: "trial"' "an edition that does not exist"
  spec saas testing "$MIGRATES" "$SECRET" | refused 'Unsupported value: "testing"' "an environment that does not exist"
}

a_backup_first_needs_a_place() {
  spec saas production "$MIGRATES" "$SECRET" 'migration: {backupFirst: Complete}' |
    refused 'needs spec.backup, which says where backups go' "a backup first without any"
}

several_sessions_dump_into_a_volume() {
  local backup="backup: {schedule: '0 3 * * *', storage: {persistentVolumeClaim: {claimName: backups}}, parallel:"
  spec saas staging "$MIGRATES" "$SECRET" "$backup {jobs: 1}}" | refused 'spec.backup.parallel.jobs' "one session as several"
  spec saas staging "$MIGRATES" "$SECRET" "$backup {jobs: 4, workspace: {storage: lots}}}" |
    refused 'spec.backup.parallel.workspace.storage' "a volume of no size"
}

scripts_lie_in_one_place() {
  spec saas staging '{flyway: {table: history}}' "$SECRET" |
    refused 'schema.flyway has exactly one of configMaps and image' "Flyway without scripts"
  spec saas staging '{flyway: {configMaps: [{name: sql}], image: sql, path: /sql}}' "$SECRET" |
    refused 'schema.flyway has exactly one of configMaps and image' "scripts in ConfigMaps and in an image"
  spec saas staging '{flyway: {image: sql}}' "$SECRET" | refused 'image and path go together' "an image without a folder"
  spec saas staging '{flyway: {configMaps: [{name: sql}], path: /sql}}' "$SECRET" |
    refused 'image and path go together' "a folder without an image"
  spec saas staging '{flyway: {configMaps: [{name: sql}], imageVolume: true}}' "$SECRET" |
    refused 'imageVolume is about schema.flyway.image' "a volume of no image"
  local path
  for path in sql ./sql / // /sql//2 /sql/../secret /..; do
    spec saas staging "{flyway: {image: sql, path: \"$path\"}}" "$SECRET" |
      refused 'path is an absolute folder in the image' "the path $path"
  done
}

images_and_folders_are_admitted() {
  local path
  for path in /sql /flyway/sql/ /opt/..data/my.sql; do
    spec saas staging "{flyway: {image: \"registry.example.org/sql@sha256:0\", path: $path, imageVolume: true}}" "$SECRET" |
      resource admitted | kc apply --namespace="$NAMESPACE" --dry-run=server --filename=- > /dev/null
  done
  pass "scripts may lie in a folder of an image"
}

fault_50_production_without_tls_is_refused() {
  local mode
  for mode in disable allow prefer; do
    spec enterprise production "$MIGRATES" "{secretRef: {name: db}, sslMode: $mode}" |
      refused 'set connection.sslMode to verify-full' "production with sslMode $mode"
  done
}

a_scratch_server_is_not_looked_at() {
  spec saas staging "$MIGRATES" "$SECRET" 'scratch: {connection: {secretRef: {name: db}, look: Job}}' |
    refused 'take scratch.connection.look out' "a look at a scratch server"
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, look: Job}' 'monitoring: {secretRef: {name: monitor}}' |
    refused 'take spec.monitoring out' "monitoring where the operator does not log in"
  spec saas staging "$MIGRATES" "$SECRET" 'monitoring: {}' | refused 'spec.monitoring.secretRef: Required' "monitoring without a login"
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, look: Pod}' | refused 'Unsupported value: "Pod"' "a look by what looks not"
}

targets_and_durations_have_a_form() {
  spec saas staging "$MIGRATES" "$SECRET" 'targetVersion: "+1"' | refused 'a relative target' "the relative target +1"
  spec saas staging "$ALEMBIC" "$SECRET" 'targetVersion: "-1"' | refused 'a relative target' "Alembic's relative target -1"
  local relative adopt
  for relative in search@-1 head-1 heads+1 ebdd+1 search@head-2 ebdde5263aa5-12; do
    spec saas staging "$ALEMBIC" "$SECRET" "targetVersion: \"$relative\"" |
      refused 'a relative target' "Alembic's relative target $relative"
  done
  spec saas staging "$ALEMBIC" "$SECRET" 'targetVersion: "search@base"' | refused 'not taken back alone' "the base of one branch"
  spec saas staging "$MIGRATES" "$SECRET" 'targetVersion: "1.x"' | refused 'separated by dots' "the target 1.x"
  for adopt in Baseline Rebaseline; do
    spec saas staging "$MIGRATES" "$SECRET" "migration: {adopt: $adopt}" |
      refused 'need migration.baselineVersion' "adopting without a version by $adopt"
  done
  spec saas staging "$MIGRATES" "$SECRET" 'migration: {adopt: Baseline, baselineVersion: ebdde5263aa5}' |
    refused 'separated by dots' "a revision for a baseline of Flyway"
  spec saas staging "$MIGRATES" "$SECRET" 'migration: {lockTimeout: "5"}' |
    refused 'migration.lockTimeout' "a lock timeout without a unit"
  spec saas staging "$MIGRATES" "$SECRET" 'migration: {statementTimeout: 5 minutes}' |
    refused 'migration.statementTimeout' "a statement timeout in words"
  spec saas staging "$MIGRATES" "$SECRET" 'migration: {deadline: 0s}' | refused 'migration.deadline' "a deadline of nothing"
  spec saas staging "$MIGRATES" "$SECRET" 'approval: {version: "1", digest: md5:abc}' |
    refused 'approval.digest' "a digest that is not SHA-256"
  spec saas production "$MIGRATES" "$SECRET" 'approval: {version: "1"}' |
    refused 'set approval.digest to status.plan.digest' "production approved without a plan"
}

approvals_and_windows_are_of_this_calendar() {
  local approval window
  approval='approval: {version: "1", notBefore: "2026-02-03T00:00:00Z", notAfter: "2026-02-02T00:00:00Z"}'
  spec saas production "$MIGRATES" "$SECRET" "$approval" | refused 'must be earlier' "an approval that ends before it begins"
  for approval in tomorrow 2026-02-02 2026-02-02T00:00:00; do
    spec saas production "$MIGRATES" "$SECRET" "approval: {version: \"1\", notBefore: \"$approval\"}" |
      refused 'approval.notBefore' "the time $approval"
  done
  spec saas production "$MIGRATES" "$SECRET" 'approval: {version: "1", notAfter: "2026-13-01T00:00:00Z"}' |
    refused 'spec.approval' "a thirteenth month"
  for window in 'schedule: "@daily", duration: 1h' 'schedule: "0 2 * *", duration: 1h' 'schedule: "0 2 * * *", duration: 0h' \
    'schedule: "0 2 * * *"'; do
    spec saas staging "$MIGRATES" "$SECRET" "migration: {windows: [{$window}]}" | refused 'migration.windows' "the window $window"
  done
}

revisions_may_be_named_in_many_ways() {
  local target
  for target in latest head heads base ebdd search@head search@heads search@ebdde5263aa5 full-text@head 2024_01; do
    spec saas staging "$ALEMBIC" "$SECRET" "targetVersion: \"$target\"" | resource accepted |
      kc apply --namespace="$NAMESPACE" --dry-run=server --filename=- > /dev/null || fail "refused: the target $target"
    pass "accepted: the target $target"
  done
}

connections_have_a_form() {
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, caRef: {configMap: {name: a}, secret: {name: b}}}' |
    refused 'exactly one of configMap and secret' "a CA from both ConfigMap and Secret"
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, caRef: {}}' |
    refused 'exactly one of configMap and secret' "a CA from nowhere"
  spec saas staging "$MIGRATES" '{host: pg17}' | refused 'connection.secretRef: Required' "a connection without a Secret"
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, port: 70000}' | refused 'connection.port' "port 70000"
}

fault_47_parameters_in_the_host_are_refused() {
  spec saas staging "$MIGRATES" '{secretRef: {name: db}, host: "pg17?socketFactory=evil.Factory"}' |
    refused 'connection.host' "a host with a JDBC parameter"
}

fault_48_a_secret_of_another_namespace_cannot_be_named() {
  local elsewhere='{secretRef: {name: db, namespace: databases}}'
  spec saas staging "$MIGRATES" "$elsewhere" | refused 'unknown field "spec.connection.secretRef.namespace"' "a namespace in secretRef"
  spec saas staging "$MIGRATES" "{secretRef: {name: postgres-superuser, namespace: databases}}" | resource pruned |
    kc apply --namespace="$NAMESPACE" --validate=false --filename=- > /dev/null
  expect "$(kc get ttdb pruned --namespace="$NAMESPACE" --output='jsonpath={.spec.connection.secretRef}')" \
    '{"name":"postgres-superuser"}' "without validation the server drops the namespace"
  scripts sql V1__t.sql='SELECT 1;' | apply
  await 90 "the resource's own namespace counts" says pruned SecretMissing "postgres-superuser in namespace $NAMESPACE"
}

fixtures_are_not_for_production() {
  spec enterprise production "$MIGRATES" "$SECRET" 'seed: {configMaps: [{name: sql}]}' |
    refused 'fixtures are for development and staging' "seed in production"
  spec saas staging "$MIGRATES" "$SECRET" 'seed: {}' | refused 'seed has exactly one of' "seed of nothing"
}

a_resource_needs_a_spec() {
  local said
  said=$(kc create --namespace="$NAMESPACE" --filename=- 2>&1 <<< \
    '{"apiVersion": "tunetrail.io/v1alpha1", "kind": "TuneTrailDatabase", "metadata": {"name": "empty"}}') && fail "accepted a resource without a spec"
  expect_match "$said" 'spec is required' "refused: a resource without a spec"
}

an_edit_is_held_to_the_same_rules() {
  local said
  said=$(change pruned '{"environment":"production","connection":{"sslMode":"disable"}}' 2>&1) && fail "accepted the edit"
  expect_match "$said" 'set connection.sslMode to verify-full' "refused: an edit to production without TLS"
  expect "$(kc get ttdb pruned --namespace="$NAMESPACE" --output='jsonpath={.spec.environment}')" staging "the resource stays as it was"
}

# restore BACKUP INTO [MORE]: a TuneTrailRestore
restore() {
  printf 'apiVersion: tunetrail.io/v1alpha1\nkind: TuneTrailRestore\nmetadata: {name: back}\n'
  printf 'spec: {databaseRef: {name: pruned}, backup: {%s}, into: {%s}%s}\n' "$1" "$2" "${3:+, $3}"
}

# unrestorable PATTERN DESCRIPTION BACKUP INTO [MORE]
unrestorable() {
  local said
  if said=$(restore "${@:3}" | kc apply --namespace="$NAMESPACE" --filename=- 2>&1); then fail "the API server accepted: $2"; fi
  expect_match "$said" "$1" "refused: $2"
}

restores_say_one_thing() {
  local admin='admin: {secretRef: {name: admin}}' new='newDatabase: back'
  unrestorable 'exactly one of name, latest and before' "a restore of no backup" '' "$new"
  unrestorable 'exactly one of name, latest and before' "a restore of two backups" 'latest: Any, name: one' "$new"
  unrestorable 'spec.backup.name' "a backup of another folder" 'name: ../other' "$new"
  unrestorable 'backup.before is a time|spec.backup.before' "a time that is none" 'before: "2026-13-27T22:00:00Z"' "$new"
  unrestorable 'exactly one of newDatabase and inPlace' "a restore to nowhere" 'latest: Any' ''
  unrestorable 'exactly one of newDatabase and inPlace' "a restore to two places" 'latest: Any' "$new, inPlace: {}" "$admin"
  unrestorable "name of PostgreSQL's own" "a restore into database postgres" 'latest: Any' 'newDatabase: postgres'
  unrestorable 'spec.into.newDatabase' "a name of more than 63 bytes" 'latest: Any' "newDatabase: $(printf 'n%.0s' {1..64})"
  unrestorable 'in place needs admin' "in place without admin" 'latest: Any' 'inPlace: {}'
  unrestorable 'needs no approval' "an approval of a new database" 'latest: Any' "$new" 'approval: {backup: one}'
  unrestorable 'approval.backup must be' "an approval of another backup" 'name: one' 'inPlace: {}' "$admin, approval: {backup: two}"
}

of_a_restore_only_the_approval_changes() {
  local admin='admin: {secretRef: {name: admin}}'
  restore 'latest: Any' 'inPlace: {}' "$admin" | apply
  unrestorable 'only approval may change' "another backup" 'latest: Verified' 'inPlace: {}' "$admin"
  unrestorable 'only approval may change' "another place" 'latest: Any' 'newDatabase: back' "$admin"
  unrestorable 'only approval may change' "another admin" 'latest: Any' 'inPlace: {}' 'admin: {secretRef: {name: other}}'
  restore 'latest: Any' 'inPlace: {}' "$admin, approval: {backup: one}" | apply
  restore 'latest: Any' 'inPlace: {}' "$admin" | apply
  pass "an approval is set and taken away"
}

fresh_namespace
editions_need_their_own_schema
a_backup_first_needs_a_place
several_sessions_dump_into_a_volume
scripts_lie_in_one_place
images_and_folders_are_admitted
fault_50_production_without_tls_is_refused
a_scratch_server_is_not_looked_at
targets_and_durations_have_a_form
approvals_and_windows_are_of_this_calendar
revisions_may_be_named_in_many_ways
connections_have_a_form
fault_47_parameters_in_the_host_are_refused
fault_48_a_secret_of_another_namespace_cannot_be_named
fixtures_are_not_for_production
a_resource_needs_a_spec
an_edit_is_held_to_the_same_rules
restores_say_one_thing
of_a_restore_only_the_approval_changes
