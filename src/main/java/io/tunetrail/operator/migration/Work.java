package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.engine.ScriptSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a role does to the database once it holds the fence. */
interface Work {

  /** Whether its sessions send a text of many statements as one message. */
  boolean simpleMode();

  /** Does it. Throws for a failure of the database before any script has begun. */
  WorkResult run(Site site) throws SQLException;

  /**
   * Where the work is done.
   *
   * @param scratch where databases may be made; null: on the database's own server
   * @param scripts what was found mounted, and is what the order is for
   */
  record Site(
      WorkOrder order,
      ConnectionSettings settings,
      @Nullable ConnectionSettings scratch,
      ScriptSet scripts,
      Fence fence,
      WorkLog log) {}
}
