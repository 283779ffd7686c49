#!/bin/bash
# Who may approve: the API server refuses whoever lacks the verb, whoever signs as somebody else, and every way around.
source "$(dirname "${BASH_SOURCE[0]}")/../people.sh"

# as NAME PATCH [FLAG...]: changes the spec of `signed` as that account.
as() { patch_as "$1" signed "$2" "${@:3}"; }

# denied NAME PATCH PATTERN DESCRIPTION
denied() {
  local said
  if said=$(as "$1" "$2"); then fail "$4: the API server accepted it"; fi
  expect_match "$said" "ValidatingAdmissionPolicy '$(policy_name tunetrail-approvals)'.*$3" "$4"
}

# admitted NAME PATCH DESCRIPTION
admitted() {
  as "$1" "$2" > "$ACCOUNTS/said" || fail "$3: $(< "$ACCOUNTS/said")"
  pass "$3"
}

# approval VERSION BY [NOT-BEFORE]
approval() {
  jq --null-input --compact-output --arg version "$1" --arg by "$2" --arg from "${3:-}" \
    --arg digest "$(status "$NAMESPACE" signed .pendingDigest)" \
    '{approval: {version: $version, digest: $digest, approvedBy: $by,
      notBefore: (if $from == "" then null else $from end)}}'
}

# refuses NAME PATCH PATTERN: whether a change would be refused in such words.
refuses() {
  local said
  said=$(as "$1" "$2" --dry-run=server) || true
  echo "$said"
  [[ $said == *"$3"* ]]
}

given() {
  new_databases pg17 signed
  binding signed pg17 | apply
  scripts signed V1__songs.sql='CREATE TABLE songs (id int);' V2__bands.sql='CREATE TABLE bands (id int);' | apply
  resource signed << YAML | apply
edition: saas
environment: production
targetVersion: "1"
connection: {secretRef: {name: signed}, caRef: {configMap: {name: pg-ca}}}
schema: {flyway: {configMaps: [{name: signed}]}}
migration: {approval: Version}
YAML
  account developer edit
  account dba edit tunetrail-approve
  account git edit tunetrail-approve
  policy approvals
  await 60 "the policy works" refuses developer '{"approval":{"version":"1"}}' 'needs the verb approve'
  await 90 "production waits" says signed AwaitingApproval
}

fault_52_without_the_verb_nobody_approves() {
  denied developer "$(approval 1 "$(user developer)")" "needs the verb approve on tunetraildatabases, which $(user developer) does not have" \
    "a developer may not approve"
  denied dba "$(approval 1 ada)" "approvedBy must be who approves: $(user dba)" "a DBA may not sign as somebody else"
  expect "$(status "$NAMESPACE" signed .approval)$(jobs signed)" "" "nothing was approved and nothing ran"
}

there_is_no_way_around() {
  denied developer '{"environment":"staging"}' 'leave production' "leaving production"
  denied developer '{"edition":"community","targetVersion":"latest","schema":{"createAll":{"configMaps":[{"name":"signed"}]}}}' 'leave production' \
    "leaving an edition that is gated"
  denied developer '{"connection":{"database":"postgres"}}' 'connection of a database in production' "another connection"
  admitted dba '{"migration":{"approval":"Plan","windows":[{"schedule":"0 0 1 1 *","duration":"1h"}]}}' "a DBA protects it more"
  denied developer '{"migration":{"approval":"Version"}}' 'protect production less' "a weaker kind of approval"
  denied developer '{"migration":{"windows":null}}' 'protect production less' "no windows any more"
  admitted dba '{"migration":{"approval":"Version","windows":null}}' "a DBA takes it back"
  admitted developer '{"backup":{"schedule":"0 3 * * *","storage":{"persistentVolumeClaim":{"claimName":"none"}}}}' "whoever edits has backups made"
  denied developer '{"migration":{"backupFirst":"Never"}}' 'protect production less' "no backup before migrations"
  denied developer '{"backup":null}' 'protect production less' "no backups any more"
  admitted dba '{"backup":null}' "a DBA takes them back"
}

a_dba_approves_and_is_named() {
  admitted dba "$(approval 1 "$(user dba)")" "a DBA approves in their own name"
  await 90 "version 1 is reached" is_ready_at signed 1
  expect "$(psql_as_admin pg17 signed 'SELECT approved_by FROM tunetrail.history')" "$(user dba)" "tunetrail.history names the DBA"
  admitted developer '{"approval":null}' "a developer takes an approval away"
}

who_approves_is_verified() {
  admitted developer "{\"targetVersion\":\"2\",\"requestedBy\":\"$(user developer)\"}" "a developer asks for version 2"
  denied developer "{\"targetVersion\":\"1\",\"requestedBy\":\"$(user dba)\"}" "requestedBy must be who changes" \
    "nobody asks in another's name"
  denied dba "{\"requestedBy\":\"$(user dba)\"}" "stays who changed" "requestedBy stays who asked"
  await 90 "version 2 waits" says signed AwaitingApproval V2__bands.sql
}

one_asks_and_another_approves() {
  local both
  both=$(jq --compact-output --arg by "$(user dba)" '. + {targetVersion: "1", requestedBy: $by}' <<< "$(approval 1 "$(user dba)")")
  policy four-eyes
  await 60 "nobody approves what they asked for" refuses dba "$both" "one asks and another approves"
  admitted git "$(approval 2 "$(user git)" 2099-01-01T00:00:00Z)" "a Git tool's account approves what somebody else asked for"
  await 90 "an approval for later is waited for" says signed WaitingForWindow 'holds from 2099-01-01T00:00:00Z on'
  await 90 "the author of the approval is known" approved_says "version 2 is approved by $(user git)"
  admitted git "$(approval 2 "$(user git)")" "it approves for now"
  await 90 "version 2 is reached" is_ready_at signed 2
  agrees signed pg17
  expect "$(psql_as_admin pg17 signed 'SELECT approved_by FROM tunetrail.history ORDER BY id DESC LIMIT 1')" "$(user git)" \
    "tunetrail.history names the account"
}

# restoring NAME BACKUP BY: approves the restore `back` as that account.
restoring() {
  kubectl --kubeconfig="$ACCOUNTS/$1" patch tunetrailrestore back --type=merge --dry-run="${4:-none}" \
    --patch="{\"spec\":{\"approval\":{\"backup\":\"$2\",\"approvedBy\":\"$3\"}}}" 2>&1
}

# refuses_restoring NAME BACKUP BY PATTERN
refuses_restoring() {
  local said
  if said=$(restoring "$1" "$2" "$3" server); then return 1; fi
  echo "$said"
  [[ $said =~ ValidatingAdmissionPolicy\ \'$(policy_name tunetrail-restore-approvals)\'.*$4 ]]
}

a_restore_in_place_is_approved_by_who_may() {
  kubectl --kubeconfig="$ACCOUNTS/developer" apply --filename=- > /dev/null << 'YAML'
apiVersion: tunetrail.io/v1alpha1
kind: TuneTrailRestore
metadata: {name: back}
spec: {databaseRef: {name: signed}, backup: {latest: Any}, into: {inPlace: {}}, admin: {secretRef: {name: signed}}}
YAML
  await 60 "a developer asks for a restore and may not approve it" refuses_restoring developer one "$(user developer)" \
    'needs the verb approve on tunetrailrestores'
  await 10 "a DBA may not sign as somebody else" refuses_restoring dba one ada "must be who approves: $(user dba)"
  restoring dba one "$(user dba)" > /dev/null
  expect "$(kc get ttrestore back --namespace="$NAMESPACE" --output='jsonpath={.spec.approval.approvedBy}')" "$(user dba)" \
    "a DBA approves it in their own name"
}

# approved_says MESSAGE
approved_says() {
  local said
  said=$(condition_message "$NAMESPACE" signed Approved)
  echo "$said"
  [[ $said == "$1" ]]
}

fresh_namespace
remove_policies
given
fault_52_without_the_verb_nobody_approves
there_is_no_way_around
a_dba_approves_and_is_named
who_approves_is_verified
one_asks_and_another_approves
a_restore_in_place_is_approved_by_who_may
