{{- /* The operator's variables. */}}
{{- define "tunetrail.environment" -}}
# What the pods of Jobs run.
- name: OPERATOR_IMAGE
  value: {{ include "tunetrail.image" . }}
# Where the Lease is, and who asks for it.
- name: LEASE_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- $settings := list
  (list "WATCH_NAMESPACES" (join "," .Values.watchNamespaces))
  (list "JOBS_AT_ONCE" .Values.jobs.atOnce)
  (list "JOBS_AT_ONCE_PER_SERVER" .Values.jobs.atOncePerServer)
  (list "BACKUPS_AT_ONCE" .Values.backups.atOnce)
  (list "BACKUPS_AT_ONCE_PER_SERVER" .Values.backups.atOncePerServer)
  (list "LOG_LEVEL" .Values.log.level)
  (list "LOG_FORMAT" .Values.log.format)
  (list "HEALTH_ACCESS" (ternary "" "off" .Values.health.enabled))
  (list "WEBHOOK_URL" .Values.webhook.url)
  (list "OTEL_EXPORTER_OTLP_ENDPOINT" .Values.tracing.endpoint)
  (list "HTTP_PORT" (ternary "" .Values.port (eq (int .Values.port) 8080)))
  (list "JDK_JAVA_OPTIONS" (join " " .Values.javaOptions)) }}
{{- range $settings }}
{{- if index . 1 }}
- name: {{ index . 0 }}
  value: {{ index . 1 | toString | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Where the operator's pods run, and what they are pulled by. */}}
{{- define "tunetrail.placement" -}}
{{- range $key := list "imagePullSecrets" "priorityClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with index $.Values $key }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- with .Values.topologySpreadConstraints }}
{{- $selector := dict "labelSelector" (dict "matchLabels" (include "tunetrail.selector" $ | fromYaml)) }}
topologySpreadConstraints:
  {{- range . }}
  - {{ ternary . (merge (dict) . $selector) (hasKey . "labelSelector") | toYaml | nindent 4 | trim }}
  {{- end }}
{{- end }}
{{- end }}
