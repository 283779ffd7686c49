# Kinds of prometheus-operator's names that take any fields: what is proved is that they are to be had, and that what is made of
# them fits together. Sourced.
# shellcheck shell=bash

kinds_of_prometheus_operator() {
  local kind plural
  for kind in ServiceMonitor PrometheusRule; do
    plural=${kind,,}s
    cat << YAML
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: $plural.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  scope: Namespaced
  names: {kind: $kind, plural: $plural, singular: ${kind,,}, listKind: ${kind}List}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
YAML
  done
}
