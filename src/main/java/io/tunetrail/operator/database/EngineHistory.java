package io.tunetrail.operator.database;

import io.tunetrail.operator.database.VersionHistory.SchemaVersions;
import java.util.List;

/** What the history table of an engine itself says of versions. */
public sealed interface EngineHistory {

  /** Where the table stands. */
  String schema();

  /** Its name. */
  String table();

  /**
   * Flyway's.
   *
   * @param versions that were applied and not undone, baselines included
   * @param baselines those of them below which the history tells nothing
   */
  record Flyway(String schema, String table, List<String> versions, List<String> baselines)
      implements EngineHistory {}

  /**
   * Alembic's, which names no revision but the newest of each branch.
   *
   * @param revisions sorted
   * @param works the newest of those in tunetrail.history that ended at one of them, by where
   */
  record Alembic(String schema, String table, List<String> revisions, List<SchemaVersions> works)
      implements EngineHistory {}

  /**
   * One that the role may not read.
   *
   * @param grant what the table's owner can run against that
   */
  record Unreadable(String schema, String table, String grant) implements EngineHistory {}
}
