package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.Digest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far the schema is, as the database's own history says. */
public sealed interface SchemaState {

  /** The inputs that tunetrail.history says were applied last; null where it says nothing. */
  record CreateAll(@Nullable String appliedDigest) implements SchemaState {}

  /**
   * What Flyway's history and the scripts say together.
   *
   * @param historyExists whether the history table is there
   * @param tablesExist whether the schemas hold anything else
   * @param current the highest version applied; null before the first
   * @param migrations every script known to the database or to the resource, in the order they run
   */
  record Flyway(
      boolean historyExists,
      boolean tablesExist,
      @Nullable String current,
      List<Migration> migrations)
      implements SchemaState {

    private static final Set<State> TOLD =
        Set.of(
            State.APPLIED,
            State.FAILED,
            State.CHANGED,
            State.REMOVED,
            State.FUTURE,
            State.BELOW_BASELINE);

    /** Whether the history tells of any migration, be it one that failed. */
    boolean begun() {
      return historyExists && migrations.stream().anyMatch(it -> TOLD.contains(it.state()));
    }
  }

  /**
   * What Alembic's version table says; the revisions themselves are known from the image.
   *
   * @param historyExists whether the version table is there
   * @param tablesExist whether the schemas hold anything else
   * @param revisions its rows; none before the first, several where branches stand side by side
   */
  record Alembic(boolean historyExists, boolean tablesExist, List<String> revisions)
      implements SchemaState {

    /** Whether the version table tells of any revision. */
    boolean begun() {
      return !revisions.isEmpty();
    }
  }

  /** The scripts themselves can't be read as migrations: a duplicate version, a bad name. */
  record Unreadable(String detail) implements SchemaState {}

  /**
   * One migration and what the database knows of it.
   *
   * @param version null for a repeatable one
   * @param script the file's name
   * @param contentDigest of the script as it stands now; null where there is no script any more
   * @param undoDigest of the script that takes it back; null where there is none
   */
  record Migration(
      @Nullable String version,
      String description,
      String script,
      @Nullable String contentDigest,
      @Nullable String undoDigest,
      State state) {

    /** The step that takes this one back; only what a script of this project did can be. */
    Migration reverse() {
      var content = state == State.APPLIED ? undoDigest : null;
      return new Migration(version, description, script, content, content, state);
    }

    /** The step that takes a database for a version, bound to what the version is made of. */
    static Migration adopted(String version, List<String> content) {
      var text = "baseline at " + version;
      return new Migration(version, text, text, Digest.of(content.toString()), null, State.PENDING);
    }
  }

  /** Where a migration stands between script and history. */
  enum State {
    PENDING,
    APPLIED,
    /** Applied by a history that ran it in a failed state. */
    FAILED,
    /** Applied, and the script's checksum is another one now. */
    CHANGED,
    /** Applied, and the script is gone. */
    REMOVED,
    /** Applied, and newer than every script. */
    FUTURE,
    /** Not applied, although the database is beyond it. */
    SKIPPED,
    /** At or below the baseline. */
    BELOW_BASELINE
  }
}
