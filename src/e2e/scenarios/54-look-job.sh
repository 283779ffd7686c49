#!/bin/bash
# A database that the operator's own pod can't reach: the way there is a relay in the resource's namespace which lets all in but
# the operator. Jobs look instead. PostgreSQL notes who logs in.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../pages.sh"

SONGS='CREATE TABLE songs (id int);'

# The operator's pods are told apart by their addresses; a pod of the namespace has another.
make_the_relay() {
  local closed_to
  closed_to=$(kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator \
    --output='jsonpath={.items[*].status.podIP}')
  apply << YAML
apiVersion: v1
kind: Service
metadata: {name: relay}
spec: {selector: {app: relay}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: relay}
data:
  relay.py: |
    import asyncio, os

    async def pour(source, sink):
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()

    async def relay(source, sink):
        peer = sink.get_extra_info("peername")[0]
        if peer in os.environ["CLOSED_TO"].split():
            print("refused", peer, flush=True)
            sink.close()
            return
        far_source, far_sink = await asyncio.open_connection("pg17.databases", 5432)
        await asyncio.gather(pour(source, far_sink), pour(far_source, sink))

    async def main():
        async with await asyncio.start_server(relay, "0.0.0.0", 5432) as server:
            await server.serve_forever()

    asyncio.run(main())
---
apiVersion: v1
kind: Pod
metadata: {name: relay, labels: {app: relay}}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: relay
      image: localhost/app/darwin:1
      command: [python, /relay/relay.py]
      env: [{name: CLOSED_TO, value: "$closed_to"}]
      readinessProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}
      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: relay, mountPath: /relay, readOnly: true}]
  volumes: [{name: relay, configMap: {name: relay}}]
YAML
  kc wait pod/relay --namespace="$NAMESPACE" --for=condition=Ready --timeout=180s > /dev/null
}

# guest_book DATABASE: from now on each login is written down, by the name that it gives itself.
guest_book() {
  psql_as_admin pg17 "$1" "CREATE SCHEMA guests; CREATE TABLE guests.book (application text);
    CREATE FUNCTION guests.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
      'BEGIN INSERT INTO guests.book VALUES (current_setting(''application_name'')); END';
    CREATE EVENT TRIGGER note ON login EXECUTE FUNCTION guests.note()"
}

# guests DATABASE PATTERN: how many logins gave themselves such a name.
guests() { psql_as_admin pg17 "$1" "SELECT count(*) FROM guests.book WHERE application LIKE '$2'"; }

refused() { kc logs relay --namespace="$NAMESPACE" | grep -c ^refused || true; }

# given NAME ENVIRONMENT CONNECTION: CONNECTION adds to spec.connection.
given() {
  binding "$1" pg17 host=relay
  scripts "$1" V1__songs.sql="$SONGS"
  resource "$1" << YAML
edition: commercial
environment: $2
connection: {secretRef: {name: $1}, $3}
schema: {flyway: {configMaps: [{name: $1}]}}
YAML
}

look_jobs() {
  kc get jobs --namespace="$NAMESPACE" --selector="tunetrail.io/database=$1,tunetrail.io/task=look" --output=name
}

has_one_look_job() {
  look_jobs "$1"
  [[ $(look_jobs "$1" | wc -l) == 1 ]]
}

the_operator_itself_can_not_reach_it() {
  given moated staging 'look: Operator' | apply
  await 30 "the operator's own look is told as unreachable" says moated DatabaseUnreachable "relay.$NAMESPACE:5432"
  await 60 "the relay refuses the operator" has_refused
  expect "$(guests moated 'tunetrail%')" 0 "nobody came to PostgreSQL"
}

has_refused() { (($(refused) > 0)); }

# By the page's own words.
jobs_look_in_its_place() {
  kc patch tunetraildatabase moated --namespace="$NAMESPACE" --type=merge --patch="$(page_blocks yaml '    look: Job' connections)" > /dev/null
  await 120 "a Job looks, another migrates" is_ready_at moated 1
  agrees moated pg17
  refused_before=$(refused)
}

production_waits_for_its_approval() {
  given bailey production 'look: Job, sslMode: verify-ca, caRef: {configMap: {name: pg-ca}}' | apply
  await 60 "what would run is known from a look" says bailey AwaitingApproval 'V1__songs.sql'
  expect "$(tables pg17 bailey)" 1 "nothing ran but the guest book"
  approve_plan bailey 1
  await 60 "it runs when it is approved" is_ready_at bailey 1
  agrees bailey pg17
}

a_new_script_is_looked_at_and_runs() {
  scripts moated V1__songs.sql="$SONGS" V2__bands.sql='CREATE TABLE bands (id int);' | apply
  await 60 "a change of the scripts is a new look" is_ready_at moated 2
  agrees moated pg17
}

a_change_by_hand_is_noticed_at_the_next_look() {
  psql_as_admin pg17 moated "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'"
  change moated '{"migration":{"retry":"look"}}'
  await 60 "the next look notices it" says moated ChecksumChanged 'V1__songs.sql'
  expect "$(status "$NAMESPACE" moated .migrationVersion)" 2 "the version is the database's"
}

what_a_job_can_not_reach_is_told_in_the_same_words() {
  change bailey '{"connection":{"port":1}}'
  await 60 "a Job's look is told as unreachable" says bailey DatabaseUnreachable "relay.$NAMESPACE:1.*network policies"
  expect "$(status "$NAMESPACE" bailey .migrationVersion)" 1 "what was seen before is kept"
  change bailey '{"connection":{"port":null}}'
  await 60 "and heals" is_ready_at bailey 1
}

looks_leave_one_job_and_no_session_of_the_operator() {
  local name
  for name in moated bailey; do
    await 30 "of all looks at $name one Job is left" has_one_look_job "$name"
    expect "$(guests "$name" tunetrail-operator)" 0 "the operator never came to $name"
    expect_match "$(guests "$name" "tunetrail/$name-look-%")" '^[1-9]' "its Jobs did"
  done
  expect "$(refused)" "$refused_before" "nor did it try, since Jobs look"
  expect "$(psql_as_admin pg17 postgres "SELECT count(*) FROM pg_stat_activity
    WHERE datname IN ('moated', 'bailey') AND application_name LIKE 'tunetrail%'")" 0 "no session is left open"
}

fresh_namespace
new_databases pg17 moated bailey
for database in moated bailey; do guest_book "$database"; done
make_the_relay
the_operator_itself_can_not_reach_it
jobs_look_in_its_place
production_waits_for_its_approval
a_new_script_is_looked_at_and_runs
a_change_by_hand_is_noticed_at_the_next_look
what_a_job_can_not_reach_is_told_in_the_same_words
looks_leave_one_job_and_no_session_of_the_operator
