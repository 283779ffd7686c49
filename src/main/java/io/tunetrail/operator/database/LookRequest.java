package io.tunetrail.operator.database;

import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.engine.Scripts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for; neither Flyway nor Alembic: create-all.
 *
 * @param resourceUid whose fixtures
 * @param flyway null for other methods
 * @param alembic null for other methods
 * @param others histories of engines that the spec names and the edition does not take
 * @param ignoredDrift patterns of objects whose differences are nobody's concern
 * @param monitoring the login that measures what goes on, or why there is none; null: the look's
 */
public record LookRequest(
    String resourceUid,
    @Nullable FlywaySettings flyway,
    @Nullable AlembicSettings alembic,
    Scripts scripts,
    List<HistoryTable> others,
    List<String> ignoredDrift,
    @Nullable Resolution monitoring) {

  /** Where other engines keep their history under their own names. */
  public LookRequest(
      String resourceUid,
      @Nullable FlywaySettings flyway,
      @Nullable AlembicSettings alembic,
      Scripts scripts) {
    this(resourceUid, flyway, alembic, scripts, List.of(), List.of());
  }

  /** Measured by the look's own login. */
  public LookRequest(
      String resourceUid,
      @Nullable FlywaySettings flyway,
      @Nullable AlembicSettings alembic,
      Scripts scripts,
      List<HistoryTable> others,
      List<String> ignoredDrift) {
    this(resourceUid, flyway, alembic, scripts, others, ignoredDrift, null);
  }
}
