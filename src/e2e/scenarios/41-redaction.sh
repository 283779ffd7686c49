#!/bin/bash
# Fault 51: a canary for a password, told back by everything that can; afterwards it is nowhere but in the Secrets.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

CANARY="C4nary~a*b%c d@e:f/g+h\\i\"j'ö"
HEX=$(printf %s "$CANARY" | od -An -v -tx1 | tr -d ' \n')
# RFC 3986, as a uri in a Secret has it.
ENCODED=$(printf %s "$CANARY" | jq --slurp --raw-input --raw-output @uri)
ENCODED=${ENCODED//\'/%27}
# What SQL and Python say to have the canary without holding it.
SQL_CANARY="convert_from(decode('$HEX', 'hex'), 'UTF8')"

# secret NAME DATABASE PASSWORD: host, port, database, username, password.
secret() {
  kc create secret generic "$1" --namespace="$NAMESPACE" --from-literal=host=pg17.databases --from-literal=port=5432 \
    --from-literal=database="$2" --from-literal=username="$2" --from-literal=password="$3" > /dev/null
}

passwords_are_the_canary() {
  local name
  for name in sql_error traced alembic_error told_back in_history; do
    echo "ALTER ROLE $name PASSWORD \$canary\$$CANARY\$canary\$;"
  done | psql_script pg17
  expect "$(psql_as pg17 sql_error sql_error "$CANARY" 'SELECT 1')" 1 "the canary is a password"
}

an_sql_error_tells_it() {
  kc create secret generic sql-error --namespace="$NAMESPACE" \
    --from-literal=uri="postgresql://sql_error:$ENCODED@pg17.databases:5432/sql_error?sslmode=require" > /dev/null
  {
    scripts sql-error V1__songs.sql='CREATE TABLE songs (id int);' V2__leak.sql="DO \$\$ BEGIN
  RAISE WARNING 'warned: %', $SQL_CANARY;
  RAISE EXCEPTION 'failed with postgresql://u:%@h', $SQL_CANARY
    USING DETAIL = 'in base64 ' || encode(decode('$HEX', 'hex'), 'base64'), HINT = 'in an ini ' || replace($SQL_CANARY, '%', '%%');
END \$\$;"
    flyway sql-error staging latest
  } | apply
}

# The command must not hold it, and a traceback shows source lines: so it is put together from the environment.
a_stack_trace_tells_it() {
  secret traced traced "$CANARY"
  resource traced << 'YAML' | apply
edition: community
environment: development
connection: {secretRef: {name: traced}}
schema:
  createAll:
    program:
      image: localhost/app/tunetrail:1
      workingDirectory: /app
      urls: [{variable: DATABASE_URL, driver: psycopg}]
      command:
      - python
      - -c
      - |
        import base64, glob, json, os, time, urllib.parse
        word = os.environ["PGPASSWORD"]
        print("argument lists:", sum(word in open(it).read() for it in glob.glob("/proc/[0-9]*/cmdline")), "tell it")
        print(word, repr(word), json.dumps(word), urllib.parse.quote(word, safe=""), urllib.parse.quote_plus(word))
        print(base64.b64encode(word.encode()).decode(), urllib.parse.quote(word, safe="").replace("%", "%%"))
        print("said all of it", flush=True)
        raise ValueError("no connection to " + os.environ["DATABASE_URL"], word)
YAML
}

an_alembic_project_fails_with_it() {
  secret alembic-error alembic_error "$CANARY"
  alembic alembic-error broken:1 staging latest | apply
}

a_wrong_password_is_refused() {
  secret refused sql_error "$CANARY wrong"
  { scripts refused V1__songs.sql='SELECT 1;'; flyway refused staging latest; } | apply
}

a_uri_that_is_none_holds_it() {
  kc create secret generic malformed --namespace="$NAMESPACE" \
    --from-literal=uri="postgresql://malformed:$ENCODED%zz@pg17.databases:5432/malformed" > /dev/null
  { scripts malformed V1__songs.sql='SELECT 1;'; flyway malformed staging latest; } | apply
}

the_database_tells_it_to_who_looks() {
  local name
  for name in told-back in-history; do
    secret "$name" "${name//-/_}" "$CANARY"
    { scripts "$name" V1__songs.sql='CREATE TABLE songs (id int);'; flyway "$name" staging latest; } | apply
  done
  await 90 "told-back is migrated" is_ready_at told-back 1
  await 90 "in-history is migrated" is_ready_at in-history 1
  psql_as_admin pg17 told_back "
    CREATE FUNCTION leak() RETURNS bool LANGUAGE plpgsql AS \$\$ BEGIN
      RAISE EXCEPTION 'told % and postgresql://u:%@h', $SQL_CANARY, '$ENCODED'; END \$\$;
    ALTER TABLE flyway_schema_history ENABLE ROW LEVEL SECURITY;
    ALTER TABLE flyway_schema_history FORCE ROW LEVEL SECURITY;
    CREATE POLICY leaking ON flyway_schema_history USING (leak())"
  psql_as_admin pg17 in_history "UPDATE flyway_schema_history SET version = $SQL_CANARY"
  look_again told-back
  look_again in-history
}

all_of_them_say_what_is_wrong() {
  await 120 "an SQL error" says sql-error MigrationFailed 'failed with postgresql://u:\*\*\*@h'
  await 120 "a stack trace" says traced '.*' 'no connection to postgresql.*\*\*\*'
  await 120 "an Alembic revision" says alembic-error MigrationFailed 'duplicate key'
  await 120 "a refused password" says refused AuthenticationFailed 'password authentication failed'
  await 120 "a malformed uri" says malformed InvalidConnection 'key uri of Secret malformed'
  await 120 "an error while looking" says told-back InternalError 'told \*\*\* and postgresql://u:\*\*\*@h'
  await 120 "a history that can't be read" says in-history '.*' '\*\*\*'
}

# Here the reason that says takes is a pattern.
tells() {
  local generation observed ready reason version message
  IFS='|' read -r generation observed ready reason version message
  [[ $generation == "$observed" && $ready == False && $reason =~ ^$1$ && $message =~ $2 ]]
}

logs_of_all_containers() {
  local pod
  for pod in $(kc get pods --namespace="$NAMESPACE" --output=name); do
    kc logs --namespace="$NAMESPACE" "$pod" --all-containers --ignore-errors || true
  done
}

# Every kind that there is, but Secrets.
every_object() {
  local kinds
  kinds=$(kc api-resources --namespaced --verbs=list --output=name | grep -v -x secrets | paste -sd,)
  kc get "$kinds" --namespace="$NAMESPACE" --output=yaml
}

operator_pod() { kc get pods --namespace="$OPERATOR_NAMESPACE" --selector=app.kubernetes.io/name=tunetrail-operator --output=name | head -n 1; }

operators_answers() {
  local path
  for path in metrics livez readyz; do
    kc get --raw "/api/v1/namespaces/$OPERATOR_NAMESPACE/pods/$(basename "$(operator_pod)"):8080/proxy/$path" || true
  done
}

histories() {
  local name
  for name in sql_error traced alembic_error told_back in_history; do
    psql_as_admin pg17 "$name" 'SELECT * FROM tunetrail.history'
  done
  psql_as_admin pg17 sql_error 'SELECT * FROM flyway_schema_history'
}

collect() {
  every_object > "$FOUND/objects"
  kc describe ttdb,jobs,pods,events --namespace="$NAMESPACE" > "$FOUND/described"
  logs_of_all_containers > "$FOUND/logs"
  kc logs "$(operator_pod)" --namespace="$OPERATOR_NAMESPACE" > "$FOUND/operator"
  kc get "$(operator_pod)" --namespace="$OPERATOR_NAMESPACE" --output=yaml > "$FOUND/operators-pod"
  operators_answers > "$FOUND/answers" 2>&1
  histories > "$FOUND/histories"
  kc logs deployment/receiver --namespace=databases --tail=-1 > "$FOUND/notifications"
}

# forms: a line each.
forms() {
  local doubled=${CANARY//%/%%}
  printf '%s\n' "$CANARY" "$doubled" "$ENCODED" "${ENCODED//%/%%}" "${ENCODED//%20/+}" "${ENCODED//\~/%7E}" "${ENCODED//%2A/*}" \
    "${ENCODED,,}" "${CANARY//\'/\'\'}" "${CANARY//\\/\\\\}" "$(printf %s "$CANARY" | jq --slurp --raw-input . | sed 's/^"//; s/"$//')" \
    "$(printf %s "$CANARY" | base64 --wrap=0 | tr -d =)" "$(printf %s "$CANARY" | base64 --wrap=0 | tr -d = | tr +/ -_)" C4nary c4nary
}

it_is_found_where_it_is() {
  kc get secret traced --namespace="$NAMESPACE" --output=jsonpath='{.data.password}' | base64 --decode > "$FOUND/proof"
  grep -q -F -f <(forms) "$FOUND/proof" || fail "the sweep finds nothing at all"
  grep -q 'said all of it' "$FOUND/logs" || fail "the sweep has not the program's log"
  grep -q 'argument lists: 0 tell it' "$FOUND/logs" || fail "an argument list tells it: $(grep 'argument lists' "$FOUND/logs")"
  grep -q 'kind: TuneTrailDatabase' "$FOUND/objects" || fail "the sweep has not the resources"
  grep -q 'kind: Event' "$FOUND/objects" || fail "the sweep has not the events"
  grep -q 'tunetrail_look_failures_total.*name="refused"' "$FOUND/answers" || fail "the sweep has not the metrics"
  grep -q -F 'sql-error' "$FOUND/operator" || fail "the sweep has not the operator's log"
  grep -q 'migration.failed.*sql-error' "$FOUND/notifications" || fail "the sweep has not the notifications"
  rm "$FOUND/proof"
  pass "the sweep sees logs, objects and events, and finds the canary in its Secret"
}

fault_51_it_is_nowhere_else() {
  local file
  for file in "$FOUND"/*; do
    if grep -q -F -f <(forms) "$file"; then
      fail "the canary is in $(basename "$file"): $(grep -F -f <(forms) "$file" | head -n 3)"
    fi
  done
  pass "the canary is in no log, status, event, notification, report, ConfigMap, pod, argument list, history or metric"
}

FOUND=$(mktemp -d)
trap 'rm -rf "$FOUND"' EXIT
fresh_namespace
new_databases pg17 sql_error traced alembic_error told_back in_history
passwords_are_the_canary
an_sql_error_tells_it
a_stack_trace_tells_it
an_alembic_project_fails_with_it
a_wrong_password_is_refused
a_uri_that_is_none_holds_it
the_database_tells_it_to_who_looks
all_of_them_say_what_is_wrong
collect
it_is_found_where_it_is
fault_51_it_is_nowhere_else
