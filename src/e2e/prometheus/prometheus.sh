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
  kc rollout status deployment/prometheus --namespace="$NAMESPACE" --timeout=60s > /dev/null
}

# from_prometheus PATH: what its API answers.
from_prometheus() {
  local pod
  pod=$(kc get pods --namespace="$NAMESPACE" --selector=app=prometheus --output='jsonpath={.items[0].metadata.name}')
  kc get --raw "/api/v1/namespaces/$NAMESPACE/pods/$pod:9090/proxy/api/v1/$1"
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

# unpack_prometheus FOLDER: its programs, as the image has them.
unpack_prometheus() (
  for part in cluster.d/{settings,cgroup,binaries} image.d/{debian,base,prometheus}; do
    # shellcheck source=/dev/null
    source "$E2E/$part.sh"
  done
  LAYERS=$CACHE/layers
  tar -xf "$(prometheus_layer)" -C "$1"
)
