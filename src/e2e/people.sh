# ServiceAccounts that stand for people, and the policies for one namespace alone; beside resources.sh:
#
#   account dba edit tunetrail-approve
#   policy approvals
#   kubectl --kubeconfig="$ACCOUNTS/dba" …
#
# A scenario that sources this has a folder ACCOUNTS, and the policies are away when it ends. Of scenarios that may run at once
# all but one set POLICY_SUFFIX: the operator takes an approval for verified by the policy of the shipped name alone.
# shellcheck shell=bash

source "$(dirname "${BASH_SOURCE[0]}")/resources.sh"

ACCOUNTS=$(mktemp -d)
trap 'remove_policies; rm -rf "$ACCOUNTS"' EXIT

# account NAME ROLE...: a ServiceAccount with these roles in the namespace, and a kubeconfig that holds its token alone.
account() {
  local name=$1 role config=$ACCOUNTS/$1
  kc create serviceaccount "$name" --namespace="$NAMESPACE" > /dev/null
  for role in "${@:2}"; do
    kc create rolebinding "$name-$role" --namespace="$NAMESPACE" --clusterrole="$role" \
      --serviceaccount="$NAMESPACE:$name" > /dev/null
  done
  kc config view --raw --output='jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d > "$config.crt"
  kubectl config --kubeconfig="$config" set-cluster e2e --embed-certs --certificate-authority="$config.crt" \
    --server="$(kc config view --output='jsonpath={.clusters[0].cluster.server}')" > /dev/null
  kubectl config --kubeconfig="$config" set-credentials "$name" --token="$(kc create token "$name" --namespace="$NAMESPACE")" > /dev/null
  kubectl config --kubeconfig="$config" set-context e2e --cluster=e2e --user="$name" --namespace="$NAMESPACE" > /dev/null
  kubectl config --kubeconfig="$config" use-context e2e > /dev/null
}

# user NAME: how the API server calls it.
user() { echo "system:serviceaccount:$NAMESPACE:$1"; }

# patch_as ACCOUNT RESOURCE PATCH [FLAG...]: changes a resource's spec as that account.
patch_as() {
  kubectl --kubeconfig="$ACCOUNTS/$1" patch tunetraildatabase "$2" --type=merge --patch="{\"spec\":$3}" "${@:4}" 2>&1
}

# policy_name NAME: what the policy of that name is called for this scenario.
policy_name() { echo "$1${POLICY_SUFFIX:-}"; }

# policy FOLDER: as it is shipped, for this namespace alone, so that other scenarios go on as they do without it.
policy() {
  kc kustomize "$ROOT/deploy/$1" > "$ACCOUNTS/policy"
  kc apply --filename="$ACCOUNTS/policy" --dry-run=client --output=json |
    jq --arg namespace "$NAMESPACE" --arg suffix "${POLICY_SUFFIX:-}" '.items[]
      | if .kind == "ValidatingAdmissionPolicyBinding" then
          .spec.policyName += $suffix
          | .spec.matchResources = {namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": $namespace}}}
        else . end
      | if .kind | startswith("ValidatingAdmissionPolicy") then
          .metadata.name += $suffix | .metadata.labels["e2e"] = $namespace
        else . end' |
    kc apply --filename=- > /dev/null
}

remove_policies() {
  kc delete validatingadmissionpolicybindings,validatingadmissionpolicies --selector="e2e=$NAMESPACE" > /dev/null
}
