# A receiver of the operator's notifications, and the Secret that the operator signs them by. Sourced after lib.sh:
#
#   deploy_receiver                      # in namespace databases, once for a cluster
#   notifications songs                  # "TYPE ATTEMPT VERIFIED" of each about a resource of the scenario's namespace,
#                                        from the time SINCE on
# shellcheck shell=bash

RECEIVER=$E2E/receiver
WEBHOOK_URL=https://receiver.databases:8443/
COLLECTOR_URL=http://receiver.databases:4318

deploy_receiver() {
  kc create configmap receiver --namespace=databases --from-file="$RECEIVER/receiver.py" --from-file="$RECEIVER/ask.py" \
    --dry-run=client --output=yaml | kc apply --filename=- > /dev/null
  if ! kc get secret receiver --namespace=databases > /dev/null 2>&1; then make_receiver_secret; fi
  kc apply --namespace=databases --filename="$RECEIVER/receiver.yaml" > /dev/null
  give_operator_the_key
}

# By the databases' own authority.
make_receiver_secret() (
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  database_ca > "$scratch/ca.crt"
  kc get secret pg-authority --namespace=databases --output='jsonpath={.data.tls\.key}' | base64 -d > "$scratch/ca.key"
  openssl req -new -newkey rsa:2048 -nodes -keyout "$scratch/tls.key" -subj "/CN=receiver" 2> /dev/null |
    openssl x509 -req -days 3650 -CA "$scratch/ca.crt" -CAkey "$scratch/ca.key" -CAcreateserial \
      -out "$scratch/tls.crt" -extfile <(echo "subjectAltName=DNS:receiver.databases") 2> /dev/null
  printf 'whsec_%s' "$(openssl rand -base64 32)" > "$scratch/key"
  kc create secret generic receiver --namespace=databases --from-file="$scratch/tls.crt" --from-file="$scratch/tls.key" \
    --from-file="$scratch/key" > /dev/null
)

give_operator_the_key() {
  local key
  key=$(kc get secret receiver --namespace=databases --output='jsonpath={.data.key}' | base64 -d)
  kc create secret generic tunetrail-webhook --namespace="$OPERATOR_NAMESPACE" --from-literal=key="$key" \
    --from-literal=ca.crt="$(database_ca)" --dry-run=client --output=yaml | kc apply --filename=- > /dev/null
}

# notifications NAME
notifications() {
  kc logs deployment/receiver --namespace=databases --tail=-1 | jq --raw-input --raw-output --arg subject "$NAMESPACE/$1" --arg since "${SINCE:-}" '
    fromjson? | select(.event.subject? == $subject and .event.time >= $since) | "\(.event.type) \(.attempt) \(.verified)"'
}

# traced: for each batch with spans about resources of the scenario's namespace, the words that are in it, each maybe with a letter more.
traced() {
  kc logs deployment/receiver --namespace=databases --tail=-1 | jq --raw-input --raw-output --arg namespace "$NAMESPACE" '
    fromjson? | .spans // [] | join(" ") | select(contains($namespace))'
}

# ask URL [TOKEN]: "STATUS BODY", asked from within the cluster.
ask() {
  kc exec --stdin --namespace=databases deployment/receiver -- /opt/venv/bin/python -B /opt/receiver/ask.py "$1" ${2:+-} <<< "${2:-}"
}
