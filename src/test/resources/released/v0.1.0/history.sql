-- tunetrail.history as this release makes it, and one work of each outcome.
CREATE SCHEMA tunetrail;
CREATE TABLE tunetrail.history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  format integer NOT NULL,
  work text NOT NULL,
  resource text NOT NULL,
  resource_uid text NOT NULL,
  job text NOT NULL,
  edition text NOT NULL,
  environment text,
  history_schema text,
  inputs_digest text NOT NULL,
  from_version text,
  to_version text,
  ancestors text[],
  approved_by text,
  approval_digest text,
  retry text,
  running_script text,
  worker_address text,
  schema_digest text,
  requested_by text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  outcome text);
INSERT INTO tunetrail.history (format, work, resource, resource_uid, job, edition, environment, history_schema, inputs_digest,
  from_version, to_version, ancestors, approved_by, approval_digest, requested_by, started_at, finished_at, outcome)
VALUES
  (1, 'migrate', 'music/songs', 'uid-1', 'songs-migrate-1', 'commercial', 'production', 'public', 'sha256:1', NULL, '1', '{1}',
   'ada', 'sha256:2', 'grace', '2026-05-01T12:00:00Z', '2026-05-01T12:00:02Z', 'Done'),
  (1, 'migrate', 'music/songs', 'uid-1', 'songs-migrate-2', 'commercial', 'production', 'public', 'sha256:3', '1', '1', '{1}',
   NULL, NULL, NULL, '2026-05-02T12:00:00Z', '2026-05-02T12:00:02Z', 'MigrationFailed');
