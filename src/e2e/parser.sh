# Whether PostgreSQL executed what was planned, by the fingerprints of PostgreSQL's own parser; beside resources.sh:
#
#   keep_plan songs                      # before it is approved: it is forgotten once it ran
#   …
#   executed_as_planned songs
#
# A scenario that sources this has a folder PLANS.
# shellcheck shell=bash

PLANS=$(mktemp -d)

# plan_of NAME: the plan that the status names, as JSON.
plan_of() {
  kc get configmap "$(status "$NAMESPACE" "$1" .plan.configMap)" --namespace="$NAMESPACE" --output='jsonpath={.data.plan\.json}'
}

# sql_of NAME: the plan's statements, a line each.
sql_of() { plan_of "$1" | jq --raw-output '.statements[] | [.script, (.transactional | tostring), (.sql | gsub("\\s+"; " "))] | join(" | ")'; }

keep_plan() { plan_of "$1" > "$PLANS/$1.json"; }

# server_time: now, as the server's log writes it.
server_time() {
  psql_as_admin pg17 postgres \
    "SELECT to_char(clock_timestamp() AT TIME ZONE current_setting('log_timezone'), 'YYYY-MM-DD HH24:MI:SS.MS')"
}

# executed_as_planned SINCE NAME...: the DDL that the server logged from then on for these databases is the kept plans' DDL.
executed_as_planned() {
  local since=$1 names
  names=$(
    IFS='|'
    echo "${*:2}"
  )
  kc logs deployment/pg17 --namespace=databases --container=postgres --since=15m |
    awk -v since="$since" -v names=" [a-z]+@($names) LOG:" \
      '/^20[0-9][0-9]-/ {ours = $1 " " $2 >= since && $0 ~ names} ours' > "$PLANS/server.log"
  kc create configmap plans --namespace="$NAMESPACE" --from-file="$PLANS" > /dev/null
  apply << YAML
apiVersion: v1
kind: Pod
metadata: {name: parser}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
  volumes: [{name: plans, configMap: {name: plans}}]
  containers:
    - name: parser
      image: localhost/app/parser:1
      command: [python, fingerprints.py, /plans]
      volumeMounts: [{name: plans, mountPath: /plans, readOnly: true}]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
YAML
  await 120 "PostgreSQL's parser has compared" has_ended parser
  kc logs parser --namespace="$NAMESPACE"
  expect "$(kc get pod parser --namespace="$NAMESPACE" --output='jsonpath={.status.phase}')" Succeeded \
    "the DDL that PostgreSQL logged as executed is the DDL that was planned: ${*:2}"
}

has_ended() { [[ $(kc get pod "$1" --namespace="$NAMESPACE" --output='jsonpath={.status.phase}') =~ Succeeded|Failed ]]; }
