{{- define "tunetrail.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "tunetrail.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "tunetrail.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- define "tunetrail.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What a selector goes by; as in deploy/, so that an installation by kubectl can be taken over in place. */}}
{{- define "tunetrail.selector" -}}
app.kubernetes.io/name: tunetrail-operator
{{- end }}

{{- define "tunetrail.podLabels" -}}
{{ merge (include "tunetrail.selector" . | fromYaml) .Values.podLabels .Values.commonLabels | toYaml }}
{{- end }}

{{- define "tunetrail.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "tunetrail.selector" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: tunetrail
{{- end }}

{{- /* metadata of (list CONTEXT NAME [ANNOTATIONS [LABELS]]), without a namespace. */}}
{{- define "tunetrail.metadata" -}}
{{- $values := (index . 0).Values }}
{{- $annotations := dict }}
{{- $labels := dict }}
{{- if gt (len .) 2 }}{{ $annotations = index . 2 }}{{ end }}
{{- if gt (len .) 3 }}{{ $labels = index . 3 }}{{ end -}}
name: {{ index . 1 }}
labels:
  {{- merge (dict) $labels (include "tunetrail.labels" (index . 0) | fromYaml) $values.commonLabels | toYaml | nindent 2 }}
{{- with merge (dict) $annotations $values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* The operator's account as the subject of a binding. */}}
{{- define "tunetrail.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "tunetrail.serviceAccount" . }}
    namespace: {{ .Release.Namespace }}
{{- end }}

{{- /* A probe by HTTP, of a path. */}}
{{- define "tunetrail.ask" -}}
httpGet:
  path: {{ . }}
  port: http
{{- end }}
