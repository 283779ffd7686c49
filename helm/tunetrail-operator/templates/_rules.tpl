{{- /* What the operator may do in the namespaces of its users; the same as in deploy/base/cluster-role.yaml. */}}
{{- define "tunetrail.rules" -}}
rules:
  # The resources it serves; it never changes a spec.
  - apiGroups: [tunetrail.io]
    resources: [tunetraildatabases, tunetrailrestores]
    verbs: [get, list, watch]
  # The restore by which a database is to go back, without an approval.
  - apiGroups: [tunetrail.io]
    resources: [tunetrailrestores]
    verbs: [create]
  # Where it says what it found.
  - apiGroups: [tunetrail.io]
    resources: [tunetraildatabases/status, tunetrailrestores/status]
    verbs: [patch]
  # Its work on databases; the only change of a Job is that its turn has come.
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, watch, create, patch, delete]
  # The schedule of backups, put back when somebody edits it.
  - apiGroups: [batch]
    resources: [cronjobs]
    verbs: [get, list, watch, create, update, delete]
  # A Job's report, and why a pod could not start.
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
  # What an image tells of its revisions.
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
  # SQL scripts and certificate authorities; what an image told is kept in ones of its own.
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [get, list, watch, create, delete]
  # Credentials, one by one, as resources name them: without list and watch it can't collect those of others.
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get]
  # What happened, and why a Job gets no pod.
  - apiGroups: [""]
    resources: [events]
    verbs: [create, list]
{{- end }}
