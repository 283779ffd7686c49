package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A database as one look found it.
 *
 * @param identity digest of system identifier, database oid, server address and port, and history
 *     schema
 * @param server which server it is on, for counting; the same for all its databases
 * @param serverVersion as in server_version_num, 170010 for 17.10
 * @param transactionPooled two connections shared one backend
 * @param sizeBytes pg_database_size
 * @param tableCount ordinary and partitioned tables outside system schemas, without the operator's
 *     and the engine's own
 * @param strictestEnvironment the strictest that tunetrail.history remembers; null where it
 *     remembers none
 * @param invalidIndexes schema-qualified names, as a failed CREATE INDEX CONCURRENTLY leaves them
 * @param fenceHolder who works on the database now, as its application name says; null when nobody
 *     does
 * @param interrupted a script outside a transaction that began and never ended, while nobody works;
 *     null when there is none
 * @param lastWork the newest work in tunetrail.history; null where it has none
 * @param createAllDigest the inputs that create-all applied last; null where it never did
 * @param seedDigest the fixtures that were put in since the schema changed last; null: none
 * @param migratedBefore whether a work of ours on the history schema ever ended well
 * @param lastAdoption the newest on the history schema that ended well; null: there was none
 * @param foreignHistories history tables of engines that are not the resource's own
 * @param drift what somebody else changed since the last work
 * @param history the newest works in tunetrail.history, newest first, at most {@value #REMEMBERED}
 * @param activity what goes on in it
 * @param writeAccess whether the login may write where the schema is
 */
public record DatabaseFacts(
    String identity,
    String server,
    int serverVersion,
    boolean inRecovery,
    boolean transactionPooled,
    long sizeBytes,
    int tableCount,
    @Nullable Environment strictestEnvironment,
    List<String> invalidIndexes,
    @Nullable String fenceHolder,
    @Nullable InterruptedScript interrupted,
    @Nullable LastMigration lastWork,
    @Nullable String createAllDigest,
    @Nullable String seedDigest,
    List<ForeignHistory> foreignHistories,
    boolean migratedBefore,
    @Nullable Adopted lastAdoption,
    SchemaState schema,
    SchemaDrift drift,
    List<LastMigration> history,
    Activity activity,
    WriteAccess writeAccess) {

  /** What somebody else changed, also where only a look could record what the last work left. */
  public SchemaDrift drift(DriftMemory memory) {
    return drift.since(memory, serverMajor());
  }

  public int serverMajor() {
    return serverVersion / 10_000;
  }

  /** What a Job of an older release tells has neither activity nor write access. */
  public DatabaseFacts {
    activity = Objects.requireNonNullElse(activity, Activity.UNKNOWN);
    writeAccess = Objects.requireNonNullElse(writeAccess, WriteAccess.UNKNOWN);
  }

  /** So many works are remembered; all are in tunetrail.history. */
  public static final int REMEMBERED = 10;

  /** The same with what another login found to go on. */
  public DatabaseFacts withActivity(Activity found) {
    return new DatabaseFacts(
        identity,
        server,
        serverVersion,
        inRecovery,
        transactionPooled,
        sizeBytes,
        tableCount,
        strictestEnvironment,
        invalidIndexes,
        fenceHolder,
        interrupted,
        lastWork,
        createAllDigest,
        seedDigest,
        foreignHistories,
        migratedBefore,
        lastAdoption,
        schema,
        drift,
        history,
        found,
        writeAccess);
  }

  /**
   * What goes on in a database.
   *
   * @param connections how many sessions are in each state of pg_stat_activity
   * @param slowStatements null where pg_stat_statements is not there, or may not be read
   * @param replication null where nobody measured
   * @param monitoring the login that measured it; null: that of the look
   */
  public record Activity(
      Map<String, Integer> connections,
      @Nullable SlowStatements slowStatements,
      @Nullable Replication replication,
      @Nullable MonitoringLogin monitoring) {

    /** Where nobody measured. */
    public static final Activity UNKNOWN = new Activity(Map.of(), null, null, null);
  }

  /**
   * How far replicas are behind: of a primary the one that is farthest, of a replica itself.
   *
   * @param replicas clients that receive the server's WAL
   * @param lagSeconds null where there is none, or its state may not be read
   * @param lagBytes the same
   */
  public record Replication(int replicas, @Nullable Double lagSeconds, @Nullable Long lagBytes) {}

  /**
   * The login of spec.monitoring.
   *
   * @param obstacle why it found nothing, without the reason's remedy; null: it measured
   */
  public record MonitoringLogin(@Nullable String obstacle) {}

  /**
   * Statements whose mean is above 100 ms.
   *
   * @param worstMeanMillis of all statements, also below that
   */
  public record SlowStatements(int count, double worstMeanMillis) {}

  /**
   * The history table of an engine that is not the resource's own.
   *
   * @param table as schema.table
   * @param retirement the statement that gives it up; null where it holds no rows
   */
  public record ForeignHistory(String table, @Nullable String retirement) {}

  /**
   * An adoption that ended well.
   *
   * @param retry the migration.retry token it was started with
   */
  public record Adopted(String version, @Nullable String retry) {}

  /**
   * A script outside a transaction whose Job ended before the script did.
   *
   * @param retry the migration.retry token that the interrupted work was started with; a new one
   *     allows another run
   */
  public record InterruptedScript(String script, String job, @Nullable String retry) {}
}
