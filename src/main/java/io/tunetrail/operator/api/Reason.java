package io.tunetrail.operator.api;

/**
 * Why a resource is as it is: the constant reasons of conditions and events, each with what to do
 * about it. A message in the status is what happened in this case, followed by the remedy.
 */
public enum Reason {
  UP_TO_DATE("UpToDate", Kind.READY, ""),
  SUSPENDED("Suspended", Kind.GATED, "Set spec.suspend to false to go on."),
  MIGRATING("Migrating", Kind.WORKING, ""),
  CREATING_TABLES("CreatingTables", Kind.WORKING, ""),
  LOOKING("Looking", Kind.WORKING, "It goes on by itself once the Job has looked."),
  INSPECTING("Inspecting", Kind.WORKING, ""),
  PLANNING("Planning", Kind.WORKING, "It goes on by itself once the SQL is shown."),
  UNDOING("Undoing", Kind.WORKING, ""),
  ADOPTING("Adopting", Kind.WORKING, ""),
  SEEDING("Seeding", Kind.WORKING, ""),
  WAITING_FOR_SLOT(
      "WaitingForSlot", Kind.WORKING, "It starts by itself, in turn, when one of them has ended."),
  WAITING_FOR_LOCK("WaitingForLock", Kind.WORKING, "It goes on by itself when the holder is done."),
  AWAITING_APPROVAL("AwaitingApproval", Kind.GATED, "Approve it in spec.approval."),
  APPROVAL_STALE(
      "ApprovalStale",
      Kind.GATED,
      "Review status.pending and status.plan, and approve it anew in spec.approval."),

  SECRET_MISSING(
      "SecretMissing", Kind.HEALING, "Create it, or correct connection.secretRef or caRef."),
  CONFIG_MAP_MISSING(
      "ConfigMapMissing", Kind.HEALING, "Create it, or correct the reference in spec."),
  INVALID_CONNECTION("InvalidConnection", Kind.STALLED, "Correct spec.connection or the Secret."),
  TLS_REQUIRED("TlsRequired", Kind.STALLED, "Set sslmode to verify-full, verify-ca or require."),
  TLS_FAILED(
      "TlsFailed",
      Kind.HEALING,
      "Check the server's certificate, its host name and connection.caRef."),
  DATABASE_UNREACHABLE(
      "DatabaseUnreachable",
      Kind.HEALING,
      "Check that the server runs, and host, port and network policies."),
  DATABASE_MISSING("DatabaseMissing", Kind.HEALING, "Create the database, or correct its name."),
  TOO_MANY_CONNECTIONS(
      "TooManyConnections",
      Kind.HEALING,
      "Free connections or raise max_connections or the role's limit."),
  AUTHENTICATION_FAILED(
      "AuthenticationFailed",
      Kind.HEALING,
      "Correct username and password in the Secret; it is read again at each look."),
  INSUFFICIENT_PRIVILEGE(
      "InsufficientPrivilege",
      Kind.HEALING,
      "Grant it as the message says; it is tried again by itself."),
  READ_ONLY_REPLICA("ReadOnlyReplica", Kind.HEALING, "Point the connection to the primary."),
  TRANSACTION_POOLING(
      "TransactionPooling",
      Kind.STALLED,
      "Connect to the server itself, or to a pool in session mode."),
  UNSUPPORTED_SERVER("UnsupportedServer", Kind.STALLED, "Upgrade PostgreSQL."),
  HISTORY_TOO_NEW(
      "HistoryTooNew",
      Kind.STALLED,
      "Run the release of the operator that wrote it, or a newer one."),
  DATABASE_CONFLICT(
      "DatabaseConflict",
      Kind.STALLED,
      "Delete one of the two, or give each a database or history schema of its own."),
  ENVIRONMENT_LAXER(
      "EnvironmentLaxer",
      Kind.STALLED,
      "Set spec.environment back, or clear the environment in tunetrail.history as the database's"
          + " owner."),
  NAME_CONFLICT("NameConflict", Kind.HEALING, "Rename or delete the foreign object."),
  API_REFUSED(
      "ApiRefused",
      Kind.HEALING,
      "Mend what the API server names: a field, a quota, a policy or a webhook."),
  RIGHT_MISSING(
      "RightMissing",
      Kind.HEALING,
      "Grant that verb to the operator's service account, as deploy/base/cluster-role.yaml does; it"
          + " goes on by itself."),

  WAITING_FOR_WINDOW("WaitingForWindow", Kind.GATED, "It starts by itself then."),
  APPROVAL_EXPIRED(
      "ApprovalExpired", Kind.GATED, "Approve it anew, with a later notAfter or with none."),
  INVALID_WINDOW(
      "InvalidWindow",
      Kind.STALLED,
      "Correct spec.migration.windows: five fields as cron has them, and a time zone by its name."),

  INVALID_SCRIPTS(
      "InvalidScripts", Kind.STALLED, "Correct the scripts, or what names them in spec.schema."),
  SOURCE_IMAGE_NOT_COPYABLE(
      "SourceImageNotCopyable",
      Kind.STALLED,
      "Build the image on a base that has cp, as busybox and alpine have, and name the new image;"
          + " or set schema.flyway.imageVolume where the nodes mount images (Kubernetes 1.35, or"
          + " from 1.33 with the feature gate ImageVolume; containerd 2.1 or newer)."),
  TARGET_NOT_FOUND("TargetNotFound", Kind.STALLED, "Add the script, or correct targetVersion."),
  UNKNOWN_REVISION(
      "UnknownRevision",
      Kind.STALLED,
      "Take the image that has it, or correct targetVersion; where the tables are those of a"
          + " revision that the image has, set migration.adopt to Rebaseline and"
          + " migration.baselineVersion to it."),
  MULTIPLE_HEADS(
      "MultipleHeads",
      Kind.STALLED,
      "Merge them with alembic merge, set targetVersion to one of them or to heads, or set"
          + " schema.alembic.branch."),
  ALEMBIC_NOT_CONFIGURED(
      "AlembicNotConfigured",
      Kind.STALLED,
      "Correct schema.alembic.workingDirectory and config, or make the project's migrations: by"
          + " tunetrail setup, by the project's own script (TuneTrail's is"
          + " scripts/commercial-db-init.sh setup), or by alembic init or flask db init."),
  TARGET_BELOW_DATABASE(
      "TargetBelowDatabase",
      Kind.STALLED,
      "Raise targetVersion, or set migration.rollback to Undo or Restore to go back."),
  ROLLBACK_AWAITS_RESTORE(
      "RollbackAwaitsRestore",
      Kind.GATED,
      "Look at that TuneTrailRestore and approve the backup in its spec.approval, or raise"
          + " targetVersion."),
  ROLLBACK_BACKUP_UNKNOWN(
      "RollbackBackupUnknown",
      Kind.STALLED,
      "Make a TuneTrailRestore of a backup that has this version, or raise targetVersion."),
  ROLLBACK_FAILED(
      "RollbackFailed",
      Kind.STALLED,
      "Mend what its status names and delete it, so that it is made anew; or raise"
          + " targetVersion."),
  UNDO_SCRIPT_MISSING(
      "UndoScriptMissing",
      Kind.STALLED,
      "Add the reverse script beside the one it takes back, or raise targetVersion."),
  ENGINE_CHANGED(
      "EngineChanged",
      Kind.STALLED,
      "Set schema back; or run these statements as the table's owner and adopt the database with"
          + " migration.adopt: Baseline."),
  SCHEMA_DIFFERS(
      "SchemaDiffers",
      Kind.STALLED,
      "Bring the tables to what the version has, or set migration.baselineVersion to the version"
          + " that they have, and migration.retry to a new token; or take migration.adopt out."),
  SCRATCH_UNAVAILABLE(
      "ScratchUnavailable",
      Kind.HEALING,
      "Grant CREATEDB as the message says, or name a server for it in spec.scratch."),
  PLAN_UNAVAILABLE(
      "PlanUnavailable",
      Kind.HEALING,
      "Let env.py run without a database (context.is_offline_mode()), or let the revisions run on a"
          + " scratch database: grant CREATEDB, or name a server for it in spec.scratch; or approve"
          + " by version alone with migration.approval: Version. It is tried again by itself."),
  SCHEMA_DRIFTED(
      "SchemaDrifted",
      Kind.STALLED,
      "Take the change back; or set spec.drift.accept to status.schemaDigest where the schema is as"
          + " it should be, and put the change into a migration that does nothing where it is made;"
          + " or name what changes by itself in spec.drift.ignore."),
  CHECKSUM_CHANGED(
      "ChecksumChanged",
      Kind.STALLED,
      "Restore the script as it was applied and put the change into a new version; where the tables"
          + " are what it makes now, set migration.adopt to Rebaseline and"
          + " migration.baselineVersion to the database's version."),
  SCRIPT_REMOVED("ScriptRemoved", Kind.STALLED, "Put the script back as it was applied."),
  OUT_OF_ORDER(
      "OutOfOrder",
      Kind.STALLED,
      "Renumber it above the database's version, or set schema.flyway.outOfOrder."),
  TABLES_WITHOUT_HISTORY(
      "TablesWithoutHistory",
      Kind.STALLED,
      "If the tables come from an earlier version, set migration.adopt to Baseline and"
          + " migration.baselineVersion to it; else empty the schema."),
  HISTORY_CONFLICT(
      "HistoryConflict",
      Kind.STALLED,
      "Look at what the script left behind. Undo it by hand and set migration.retry to a new token;"
          + " or finish it by hand and set migration.adopt to Rebaseline and"
          + " migration.baselineVersion to its version."),
  MIGRATION_FAILED(
      "MigrationFailed",
      Kind.STALLED,
      "Correct the script, or set migration.retry to a new token to run it as it is."),
  STATEMENT_TIMEOUT(
      "StatementTimeout",
      Kind.STALLED,
      "Make the statement faster or raise migration.statementTimeout."),
  LOCK_TIMEOUT(
      "LockTimeout",
      Kind.HEALING,
      "Find who holds the table's lock in pg_locks, or raise migration.lockTimeout."),
  PROGRAM_FAILED(
      "ProgramFailed",
      Kind.STALLED,
      "Correct the image or its command, or set migration.retry to a new token to run it as it"
          + " is."),
  SEED_FAILED(
      "SeedFailed",
      Kind.STALLED,
      "Correct the fixtures, or set migration.retry to a new token to put them in as they are."),
  LOCK_LOST(
      "LockLost",
      Kind.HEALING,
      "What it did not finish is rolled back; it is tried again by itself."),
  LOCK_NOT_OBTAINED(
      "LockNotObtained",
      Kind.HEALING,
      "Another migration or backup holds the database; it is tried again by itself."),
  INPUTS_CHANGED("InputsChanged", Kind.HEALING, "Nothing of it ran; it is planned anew by itself."),
  VERSION_UNCHANGED(
      "VersionUnchanged", Kind.HEALING, "Look at the Job's log and at the history table."),
  DEADLINE_EXCEEDED(
      "DeadlineExceeded", Kind.HEALING, "Raise migration.deadline if the work needs longer."),
  CONNECTION_LOST(
      "ConnectionLost",
      Kind.HEALING,
      "It is tried again by itself; if it happens again, look at the server's log."),
  JOB_LOST("JobLost", Kind.HEALING, "Look at the pod's events; it is tried again by itself."),
  IMAGE_PULL_FAILED("ImagePullFailed", Kind.HEALING, "Correct the image or its pull secret."),
  IMAGE_USER_UNFIT(
      "ImageUserUnfit",
      Kind.HEALING,
      "Set jobTemplate.securityContext.runAsUser to the number of the image's user; for root also"
          + " runAsNonRoot: false, in a namespace that admits it."),
  POD_NOT_STARTED("PodNotStarted", Kind.HEALING, "Mend what keeps the pod from starting."),
  POD_REFUSED(
      "PodRefused",
      Kind.HEALING,
      "Mend what the API server names: the namespace's quota, LimitRange or Pod Security level, or"
          + " spec.jobTemplate; the pod is then made by itself."),
  JOB_SUSPENDED(
      "JobSuspended",
      Kind.HEALING,
      "Its queue resumes it; where there is none, set suspend to false in the Job's spec."),
  POD_UNSCHEDULABLE(
      "PodUnschedulable",
      Kind.HEALING,
      "Add room to the nodes, or correct resources, nodeSelector and tolerations in"
          + " spec.jobTemplate."),

  WAITING_FOR_BACKUP(
      "WaitingForBackup", Kind.WORKING, "It goes on by itself when the backup is done."),
  BACKUP_FIRST_FAILED(
      "BackupFirstFailed",
      Kind.HEALING,
      "It goes on by itself once a backup is complete; to go on without one, set"
          + " spec.migration.backupFirst to Never."),
  BACKED_UP("BackedUp", Kind.READY, ""),
  NO_BACKUP_YET(
      "NoBackupYet",
      Kind.WORKING,
      "To make one now, run kubectl create job --from=cronjob/… with the name in status.backup."),
  BACKUP_SUSPENDED(
      "BackupSuspended",
      Kind.GATED,
      "Set spec.backup.suspend to false, and spec.suspend, to have backups made."),
  INVALID_SCHEDULE(
      "InvalidSchedule",
      Kind.STALLED,
      "Correct spec.backup.schedule, or verification.schedule where it is that one: five fields as"
          + " cron has them, and a time zone by its name."),
  BACKUP_MISSED(
      "BackupMissed",
      Kind.HEALING,
      "Look at the CronJob's events; a backup that takes longer than from one time to the next"
          + " needs a wider schedule."),
  BACKUP_FAILED(
      "BackupFailed", Kind.HEALING, "Mend what pg_dump names; the next one is made by schedule."),
  BACKUP_STORAGE_FAILED(
      "BackupStorageFailed",
      Kind.HEALING,
      "Give the place room, or keep less by spec.backup.retention; a volume must be writable for"
          + " the pod's user or its fsGroup, a bucket for the credentials."),
  VERIFIED("Verified", Kind.READY, ""),
  BACKUP_DAMAGED(
      "BackupDamaged",
      Kind.STALLED,
      "Rely on an older one, find out what harms the place where backups lie, and make another"
          + " one."),
  VERIFICATION_FAILED(
      "VerificationFailed",
      Kind.STALLED,
      "Mend what the message names, in the database or on the scratch server, and make another"
          + " backup; do not rely on this one."),
  SCRATCH_UNFIT(
      "ScratchUnfit",
      Kind.HEALING,
      "Make on the scratch server what is missing (CREATE ROLE, or the extension's package), as a"
          + " restore to any other server needs it, too; it is tried again a few times."),
  BACKUP_KEY_UNFIT(
      "BackupKeyUnfit",
      Kind.HEALING,
      "Let the Secret that spec.backup.encryption names have recipient, for which backups are"
          + " encrypted, and its identity, which opens them; identities of earlier recipients may"
          + " stay beside it, a line each."),
  MONITORING_FAILED(
      "MonitoringFailed",
      Kind.HEALING,
      "Correct monitoring.secretRef, its Secret, or the login's rights as examples/roles.sql gives"
          + " them; it is read again at each look."),
  RESTORING("Restoring", Kind.WORKING, ""),
  RESTORED("Restored", Kind.READY, ""),
  DATABASE_RESOURCE_MISSING(
      "DatabaseResourceMissing",
      Kind.HEALING,
      "Create it, or make another TuneTrailRestore that names one that is there."),
  BACKUP_NOT_CONFIGURED(
      "BackupNotConfigured",
      Kind.HEALING,
      "Set spec.backup of the TuneTrailDatabase; it goes on by itself."),
  WAITING_FOR_MIGRATION(
      "WaitingForMigration", Kind.WORKING, "It starts by itself when that Job has ended."),
  INVALID_RESTORE(
      "InvalidRestore", Kind.STALLED, "Make another TuneTrailRestore that can be done."),
  NO_SUCH_BACKUP(
      "NoSuchBackup",
      Kind.STALLED,
      "Choose one of those that are there, by its name or a later time."),
  RESTORE_REFUSED(
      "RestoreRefused",
      Kind.STALLED,
      "Nothing was made or changed. Mend what the message names, and restore anew."),
  RESTORE_FAILED(
      "RestoreFailed",
      Kind.STALLED,
      "The live database is as it was and serves. Mend what the message names or choose another"
          + " backup, and restore anew."),
  RESTORE_WITHDRAWN(
      "RestoreWithdrawn",
      Kind.STALLED,
      "Nothing was made or changed. Delete this TuneTrailRestore."),
  RESTORE_DIFFERS(
      "RestoreDiffers",
      Kind.STALLED,
      "The live database is as it was and serves. Choose another backup: what this one holds is"
          + " not what its manifest says."),
  INTERNAL_ERROR(
      "InternalError", Kind.HEALING, "Report it with the Job's log; it is tried again by itself.");

  /** What a reason means for kstatus. */
  public enum Kind {
    /** Ready=True. */
    READY,
    /** Ready=False, Reconciling=True: work is under way. */
    WORKING,
    /** Ready=False, neither reconciling nor stalled: waits for a person, as it should. */
    GATED,
    /** Ready=False, Reconciling=True: tried again by itself until the cause is gone. */
    HEALING,
    /** Ready=False, Stalled=True: somebody must change something. */
    STALLED
  }

  private final String text;
  private final Kind kind;
  private final String remedy;

  Reason(String text, Kind kind, String remedy) {
    this.text = text;
    this.kind = kind;
    this.remedy = remedy;
  }

  public Kind kind() {
    return kind;
  }

  /** One sentence that says what to do; empty where there is nothing to do. */
  public String remedy() {
    return remedy;
  }

  /** The CamelCase reason, as in conditions and events. */
  @Override
  public String toString() {
    return text;
  }
}
