# A Prometheus on the cluster, and its programs beside it. For a scenario, after lib.sh:
#
#   deploy_prometheus < alerts.yaml      # in the scenario's namespace
#   await 30 "it is told" is_firing TuneTrailSchemaDrifted songs
#   unpack_prometheus "$folder"; "$folder/usr/bin/promtool" test rules "$PROMETHEUS"/rules/*.yaml
# shellcheck shell=bash

PROMETHEUS=$E2E/prometheus

# deploy_prometheus: with the rules of the standard input.
deploy_prometheus() {
  kc create configmap alerts --namespace="$NAMESPACE" --from-file=alerts.yaml=/dev/stdin > /dev/null
  kc apply --namespace="$NAMESPACE" --filename="$PROMETHEUS/prometheus.yaml" > /dev/null
  kc rollout status deployment/prometheus --namespace="$NAMESPACE" --timeout=180s > /dev/null
}

# The rules that users install, but for how long they wait, and that a day is half a minute, a GB is one MB, and a second time-out
# is many.
quick_rules() {
  kc get configmap tunetrail-alerts --namespace="$OPERATOR_NAMESPACE" --output='jsonpath={.data.alerts\.yaml}' |
    sed -E 's/for: [0-9]+[mh]$/for: 3s/; s/> 86400/> 5/; s/offset 1d/offset 30s/; s/> 1e9/> 1e6/
      s/\[1d\] offset 1h/[30s] offset 20s/; s/\[1h\]\)\) > 3/[1h])) > 0/'
}

# prometheus_asks_the_operator: by the Service of deploy/monitoring, with the quick rules.
prometheus_asks_the_operator() {
  kc apply --kustomize="$ROOT/deploy/monitoring" > /dev/null
  quick_rules | deploy_prometheus
  await 30 "Prometheus reaches the operator" operator_leads
}

operator_leads() { [[ $(query 'sum(tunetrail_operator_leading)') == 1 ]]; }

# from_prometheus PATH: what its API answers.
from_prometheus() { kc get --raw "/api/v1/namespaces/$NAMESPACE/pods/$(prometheus_pod):9090/proxy/api/v1/$1"; }

prometheus_pod() {
  kc get pods --namespace="$NAMESPACE" --selector=app=prometheus --output='jsonpath={.items[0].metadata.name}'
}

# query EXPRESSION: the values that it has now, one a line.
query() {
  from_prometheus "query?query=$(jq --raw-input --raw-output @uri <<< "$1")" | jq --raw-output '.data.result[].value[1]'
}

# alerts_of NAME: those that fire for a resource, or for none where NAME is empty.
alerts_of() {
  from_prometheus alerts | jq --raw-output --arg name "$1" --arg namespace "${1:+$NAMESPACE}" '
    .data.alerts[] | select(.state == "firing" and (.labels.name // "") == $name
      and (.labels.namespace // "") == $namespace) | .labels.alertname'
}

# is_firing ALERT [NAME]: for await; prints what fires.
is_firing() { alerts_of "${2:-}" | tee /dev/stderr | grep --line-regexp --quiet "$1"; }

# is_not_firing ALERT [NAME]: as Prometheus says, which must be there to say it.
is_not_firing() {
  local firing
  firing=$(alerts_of "${2:-}") || return 1
  echo "$firing"
  ! grep --line-regexp --quiet "$1" <<< "$firing"
}

# dashboard_queries [NAME]: {dashboard, panel, expr} of each query of the dashboards, one a line, with the variables as they are
# for database NAME of the scenario's namespace and for the last two minutes; where a count is 0 because nothing is wrong, the
# query has to find something all the same.
dashboard_queries() {
  jq --compact-output --arg namespace "$NAMESPACE" --arg name "${1:-songs}" '
    .title as $dashboard | .panels[] | .title as $panel | .targets // [] | .[] | {$dashboard, $panel, legend: .legendFormat, expr: (.expr
      | gsub(" or vector\\(0\\)"; "")
      | gsub("[$]__rate_interval"; "30s") | gsub("[$]__range"; "2m")
      | gsub("[$]namespace"; $namespace) | gsub("[$]name"; $name))}' "$ROOT"/deploy/monitoring/dashboard/{fleet,database}.json
}

# unpack_prometheus FOLDER: its programs, as the image has them.
unpack_prometheus() (
  for part in cluster.d/{settings,cgroup,binaries} image.d/{debian,base,prometheus}; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  LAYERS=$CACHE/layers
  tar -xf "$(prometheus_layer)" -C "$1"
)
