package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The shape of tunetrail.history and its making. */
final class WorkHistoryTable {
  /**
   * Grows only when older releases would misread a row; columns that they do not ask for may come.
   */
  static final int FORMAT = 1;

  static final String INSERT =
      """
      INSERT INTO tunetrail.history (format, work, resource, resource_uid, job, edition, environment,
        history_schema, inputs_digest, from_version, approved_by, approval_digest, retry, started_at)
      VALUES (%d, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, pg_catalog.now())
      RETURNING id
      """
          .formatted(FORMAT);

  static final String FINISH =
      """
      UPDATE tunetrail.history
      SET outcome = ?, to_version = ?, ancestors = ?, running_script = NULL, finished_at = pg_catalog.now()
      WHERE id = ?
      """;

  static final String WORKER_ADDRESS =
      "UPDATE tunetrail.history SET worker_address = ? WHERE id = ?";

  private static final String WORKER_ADDRESS_COMMENT =
      """
      COMMENT ON COLUMN tunetrail.history.worker_address IS
        'Address of the pod whose own program works; NULL for SQL that the operator''s program runs itself.'\
      """;

  private static final String AUDIT_COMMENTS =
      """
      COMMENT ON COLUMN tunetrail.history.schema_digest IS
        'Fingerprint of all objects that the work left, as in tunetrail.schema; NULL where it did not end well.';
      COMMENT ON COLUMN tunetrail.history.requested_by IS 'spec.requestedBy.'\
      """;

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS tunetrail.history (
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
      COMMENT ON SCHEMA tunetrail IS 'Belongs to the TuneTrail database operator.';
      COMMENT ON TABLE tunetrail.history IS
        'What the TuneTrail database operator did to this database, a row a work. Written by the pod that works, under its lock.';
      COMMENT ON COLUMN tunetrail.history.format IS 'Version of this row''s format.';
      COMMENT ON COLUMN tunetrail.history.work IS 'migrate, undo, baseline, create-all, seed or restore.';
      COMMENT ON COLUMN tunetrail.history.resource IS 'namespace/name of the TuneTrailDatabase.';
      COMMENT ON COLUMN tunetrail.history.resource_uid IS 'UID of the TuneTrailDatabase.';
      COMMENT ON COLUMN tunetrail.history.job IS 'Name of the Job that worked.';
      COMMENT ON COLUMN tunetrail.history.edition IS 'spec.edition then.';
      COMMENT ON COLUMN tunetrail.history.environment IS
        'spec.environment then. A laxer one is refused from then on; NULL forgets it.';
      COMMENT ON COLUMN tunetrail.history.history_schema IS
        'Schema of the engine''s history table; NULL for create-all.';
      COMMENT ON COLUMN tunetrail.history.inputs_digest IS 'SHA-256 of the SQL that was to be applied.';
      COMMENT ON COLUMN tunetrail.history.from_version IS 'Version before; NULL before the first and for create-all.';
      COMMENT ON COLUMN tunetrail.history.to_version IS 'Version after.';
      COMMENT ON COLUMN tunetrail.history.ancestors IS 'All versions that the schema had after the work.';
      COMMENT ON COLUMN tunetrail.history.approved_by IS 'spec.approval.approvedBy.';
      COMMENT ON COLUMN tunetrail.history.approval_digest IS 'What the approval was bound to.';
      COMMENT ON COLUMN tunetrail.history.retry IS 'spec.migration.retry then.';
      COMMENT ON COLUMN tunetrail.history.running_script IS
        'A script outside a transaction that began. Left here when its end was not seen.';
      %s;
      %s;
      COMMENT ON COLUMN tunetrail.history.started_at IS 'When the work began.';
      COMMENT ON COLUMN tunetrail.history.finished_at IS 'When it ended; NULL while it runs or when its pod was lost.';
      COMMENT ON COLUMN tunetrail.history.outcome IS 'Done, or the reason why not.';
      GRANT USAGE ON SCHEMA tunetrail TO PUBLIC;
      GRANT SELECT ON tunetrail.history TO PUBLIC
      """
          .formatted(WORKER_ADDRESS_COMMENT, AUDIT_COMMENTS);

  /** Of tables that earlier releases made. */
  private static final String ADD_WORKER_ADDRESS =
      "ALTER TABLE tunetrail.history ADD COLUMN IF NOT EXISTS worker_address text; "
          + WORKER_ADDRESS_COMMENT;

  private static final String ADD_AUDIT =
      """
      ALTER TABLE tunetrail.history
        ADD COLUMN IF NOT EXISTS schema_digest text, ADD COLUMN IF NOT EXISTS requested_by text;
      """
          + AUDIT_COMMENTS;

  /** Of a table that another role made in an earlier release it stays without them. */
  private static final String AUDIT =
      """
      UPDATE tunetrail.history
      SET schema_digest = COALESCE(?, schema_digest), requested_by = COALESCE(?, requested_by)
      WHERE id = ?
      """;

  private static final String HAS_AUDIT =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = pg_catalog.to_regclass('tunetrail.history') AND a.attname = 'requested_by')
      """;

  static final String HAS_WORKER_ADDRESS =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = pg_catalog.to_regclass('tunetrail.history') AND a.attname = 'worker_address')
      """;

  private static final String OWNED =
      """
      SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE')
      FROM pg_catalog.pg_class c WHERE c.oid = 'tunetrail.history'::pg_catalog.regclass
      """;

  private static final String SCHEMA_EXISTS =
      "SELECT pg_catalog.to_regnamespace('tunetrail') IS NOT NULL";

  private static final String WRITABLE =
      """
      SELECT pg_catalog.has_table_privilege('tunetrail.history', 'INSERT')
        AND pg_catalog.has_table_privilege('tunetrail.history', 'SELECT')
        AND pg_catalog.has_table_privilege('tunetrail.history', 'UPDATE')
      """;

  private WorkHistoryTable() {}

  /** Makes the table where it is missing; the failure for want of a privilege names the GRANT. */
  static void ensure(Connection connection, ConnectionSettings settings) throws SQLException {
    if (!WorkMemory.exists(connection)) {
      create(connection);
    } else if (holds(connection, OWNED)) {
      bringUpToDate(connection);
    }
    if (holds(connection, RecordedSchemaTable.CREATABLE)) {
      execute(connection, RecordedSchemaTable.CREATE);
    }
    Namesake.mend(connection);
    if (!holds(connection, WRITABLE)) {
      throw denied(
          "GRANT SELECT, INSERT, UPDATE ON tunetrail.history TO %s"
              .formatted(
                  Identifier.quoted(
                      Objects.requireNonNullElse(settings.role(), settings.username()))));
    }
  }

  private static void bringUpToDate(Connection connection) throws SQLException {
    if (!holds(connection, HAS_WORKER_ADDRESS)) {
      execute(connection, ADD_WORKER_ADDRESS);
    }
    if (!holds(connection, HAS_AUDIT)) {
      execute(connection, ADD_AUDIT);
    }
  }

  /** Throws where the column is missing because another role owns the table. */
  static void requireWorkerAddress(Connection connection) throws SQLException {
    if (!holds(connection, HAS_WORKER_ADDRESS)) {
      throw denied("ALTER TABLE tunetrail.history ADD COLUMN worker_address text");
    }
  }

  private static SQLException denied(String remedy) {
    return new SQLException(
        "permission denied for table tunetrail.history. As its owner run: " + remedy + ";",
        "42501");
  }

  private static void create(Connection connection) throws SQLException {
    execute(
        connection,
        holds(connection, SCHEMA_EXISTS)
            ? CREATE
            : "CREATE SCHEMA IF NOT EXISTS tunetrail; " + CREATE);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Notes these of a work, where the table has columns for them; null: as it was. */
  static void audit(
      Connection connection, long id, @Nullable String digest, @Nullable String requestedBy)
      throws SQLException {
    if (holds(connection, HAS_AUDIT)) {
      try (var update = connection.prepareStatement(AUDIT)) {
        update.setString(1, digest);
        update.setString(2, requestedBy);
        update.setLong(3, id);
        update.executeUpdate();
      }
    }
  }

  static boolean holds(Connection connection, String question) throws SQLException {
    try (var query = connection.prepareStatement(question)) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }
}
