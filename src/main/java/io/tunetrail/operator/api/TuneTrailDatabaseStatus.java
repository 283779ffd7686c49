package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is true of the database, read from the database itself.
 *
 * @param observedGeneration the generation of the spec that this status is of; {@value #UNOBSERVED}
 *     until the operator has looked
 * @param edition spec.edition as it was observed
 * @param environment spec.environment as it was observed
 * @param pendingCount how many migrations would run
 * @param lastMigration the last work that a Job did; null before the first
 * @param approval what is known of the approval that was accepted; null where none was
 * @param conditions Ready, Reconciling and Stalled by the convention of kstatus, and one for each
 *     thing that may be amiss
 * @param initializationMethod create-all, flyway or alembic
 * @param migrationVersion what the database has; null before the first migration and for create-all
 * @param targetVersion what the spec resolves to; null where it resolves to nothing, and for
 *     create-all
 * @param pending what would run, in order, at most {@value #PENDING_SHOWN}; {@code pendingCount}
 *     counts all
 * @param pendingDigest sha256 of exactly what would run: from, target, settings and content
 * @param tableCount tables outside system schemas, without the operator's and the engine's own
 * @param databaseSize two significant digits, as in 12 MB
 * @param databaseIdentity digest that equals for two resources that name one database and history
 *     schema
 * @param seed null where no fixtures are asked for
 * @param inputsDigest sha256 of the SQL and settings last looked at
 * @param plan the SQL of what would run; null where nothing is pending or nothing is planned
 * @param schemaDigest fingerprint of all objects in the database, what drift.ignore names left out;
 *     null until a work recorded them
 * @param drift what somebody else changed since the last work; null where nothing did
 * @param history the newest works, newest first, at most ten; all are in tunetrail.history
 * @param backup null where none are asked for
 * @param recordedSchema what drift is told from where the last work's record can't be compared
 *     with, as after an upgrade to another major version of PostgreSQL; null where it can
 * @param planRequest what became of the last request for a plan; null where nobody asked for one
 * @param writeAccess whether the login may write where the schema is, known without writing:
 *     Writable, or what is in the way: InRecovery, ReadOnly, NoSchema, MayNotCreate, MayNotWrite;
 *     Unknown where nobody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TuneTrailDatabaseStatus(
    @Nullable Long observedGeneration,
    @Nullable Edition edition,
    @Nullable Environment environment,
    @Nullable String initializationMethod,
    @Nullable String migrationVersion,
    @Nullable String targetVersion,
    @Nullable List<PendingMigration> pending,
    @Nullable Integer pendingCount,
    @Nullable String pendingDigest,
    @Nullable Integer tableCount,
    @Nullable String databaseSize,
    @Nullable String databaseIdentity,
    @Nullable String inputsDigest,
    @Nullable LastMigration lastMigration,
    @Nullable SeedStatus seed,
    @Nullable ApprovalStatus approval,
    @Nullable PlanStatus plan,
    @Nullable String schemaDigest,
    @Nullable DriftStatus drift,
    @Nullable List<LastMigration> history,
    @Nullable BackupStatus backup,
    @Nullable List<Condition> conditions,
    @Nullable RecordedSchemaStatus recordedSchema,
    @Nullable PlanRequestStatus planRequest,
    @Nullable String writeAccess) {

  /** The observed generation by the CRD's default, until the operator has looked. */
  public static final long UNOBSERVED = -1;

  /** So many pending migrations are listed; more would outgrow a status that people read. */
  public static final int PENDING_SHOWN = 20;

  /** The same with these works. */
  public TuneTrailDatabaseStatus withHistory(@Nullable List<LastMigration> works) {
    return with(works, backup, conditions);
  }

  /** The same but for how the backups stand. */
  public TuneTrailDatabaseStatus withBackup(
      @Nullable BackupStatus state, @Nullable List<Condition> conditionsWithIt) {
    return with(history, state, conditionsWithIt);
  }

  private TuneTrailDatabaseStatus with(
      @Nullable List<LastMigration> works,
      @Nullable BackupStatus backups,
      @Nullable List<Condition> all) {
    return new TuneTrailDatabaseStatus(
        observedGeneration,
        edition,
        environment,
        initializationMethod,
        migrationVersion,
        targetVersion,
        pending,
        pendingCount,
        pendingDigest,
        tableCount,
        databaseSize,
        databaseIdentity,
        inputsDigest,
        lastMigration,
        seed,
        approval,
        plan,
        schemaDigest,
        drift,
        works,
        backups,
        all,
        recordedSchema,
        planRequest,
        writeAccess);
  }
}
