# A claim for backups whose volume is a folder of a node, into which a pod of the scenario looks. Sourced after resources.sh.
#
#   a_claim_with_a_volume
#   a_volume              # for a claim `backups` that somebody else makes
# shellcheck shell=bash

VOLUMES=$NAMESPACE-volumes

# The volume's node, so that the pod that looks into it is there, too.
node() { kc get nodes --output='jsonpath={.items[0].metadata.labels.kubernetes\.io/hostname}'; }

volume() {
  cat << YAML
apiVersion: v1
kind: PersistentVolume
metadata: {name: $NAMESPACE}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  claimRef: {namespace: $NAMESPACE, name: backups}
  hostPath: {path: /var/tmp/$NAMESPACE, type: DirectoryOrCreate}
  nodeAffinity:
    required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [$1]}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: keeper, namespace: $VOLUMES}
spec:
  nodeSelector: {kubernetes.io/hostname: $1}
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 0
  securityContext: {runAsUser: 0}
  containers:
    - name: keeper
      image: localhost/postgres:17
      command: [bash, -c, "rm -rf /backups/* && chown 65532:65532 /backups && touch /tmp/ready && exec sleep infinity"]
      readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
      volumeMounts: [{name: backups, mountPath: /backups}]
  volumes: [{name: backups, hostPath: {path: /var/tmp/$NAMESPACE, type: DirectoryOrCreate}}]
YAML
}

claim() {
  cat << YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: backups}
spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: $NAMESPACE, resources: {requests: {storage: 1Gi}}}
YAML
}

a_claim_with_a_volume() {
  a_volume
  claim | kc apply --namespace="$NAMESPACE" --filename=- > /dev/null
}

a_volume() {
  kc delete namespace "$VOLUMES" --ignore-not-found --wait --timeout=180s > /dev/null
  kc delete persistentvolume "$NAMESPACE" --ignore-not-found > /dev/null
  kc create namespace "$VOLUMES" > /dev/null
  kc label namespace "$VOLUMES" pod-security.kubernetes.io/enforce=privileged > /dev/null
  trap remove_volume EXIT
  volume "$(node)" | kc apply --filename=- > /dev/null
  kc wait pod/keeper --namespace="$VOLUMES" --for=condition=Ready --timeout=180s > /dev/null
}

remove_volume() {
  in_volume bash -c 'rm -rf /backups/*' || true
  kc delete namespace "$VOLUMES" --wait=false > /dev/null
  kc delete persistentvolume "$NAMESPACE" --wait=false > /dev/null
}

# in_volume COMMAND...: where the backups are in /backups.
in_volume() { kc exec --stdin keeper --namespace="$VOLUMES" -- "$@"; }
