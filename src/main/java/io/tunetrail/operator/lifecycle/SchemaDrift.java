package io.tunetrail.operator.lifecycle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a schema since the last work on it.
 *
 * @param digest of the schema as it is; null where it was not read
 * @param recorded digest of the schema as the last work left it; null where none is to be had
 * @param recordedAt when that work ended, RFC 3339; null where there is no record
 * @param added names of objects and of their parts, at most {@value #NAMED} in all three lists
 * @param removed likewise
 * @param changed likewise, with what is otherwise where that is short
 * @param count all differences, named or not
 */
public record SchemaDrift(
    State state,
    @Nullable String digest,
    @Nullable String recorded,
    @Nullable String recordedAt,
    List<String> added,
    List<String> removed,
    List<String> changed,
    int count) {

  /** So many differences are named. */
  public static final int NAMED = 10;

  /** Whether the schema could be compared, and why not. */
  public enum State {
    COMPARED,
    /** No work has recorded it yet. */
    UNRECORDED,
    /** Somebody works, and changes it. */
    UNDER_WAY,
    /** The last work did not end well, so what it did can't be told from what others did. */
    UNFINISHED,
    /**
     * It was recorded on another major version of PostgreSQL, which spells it otherwise: of what
     * came and went only the names are told, and nothing is counted.
     */
    OTHER_SERVER,
    /** It was recorded in a format that this release does not compare with; likewise. */
    OTHER_FORMAT,
    /** The catalog could not be read this time, as while somebody locks it. */
    UNREAD
  }

  /** Nothing was compared. */
  public static SchemaDrift not(State state) {
    return new SchemaDrift(state, null, null, null, List.of(), List.of(), List.of(), 0);
  }

  /** Whether the last work's record says nothing of how the schema is spelled here. */
  public boolean isRecordedElsewhere() {
    return switch (state) {
      case OTHER_SERVER, OTHER_FORMAT -> digest != null;
      case COMPARED, UNRECORDED, UNDER_WAY, UNFINISHED, UNREAD -> false;
    };
  }

  /**
   * What became of it since a look recorded it here, where no work has yet. What had drifted before
   * has still, for nobody can tell that it was taken back.
   */
  SchemaDrift since(DriftMemory memory, int serverMajor) {
    if (!isRecordedElsewhere()) {
      return this;
    }
    var look = memory.schema();
    if (look != null && look.serverMajor() == serverMajor && look.record().equals(recorded)) {
      return comparedWith(look.digest(), look.recordedAt());
    }
    return recorded != null && recorded.equals(memory.drifted())
        ? comparedWith(recorded, recordedAt)
        : this;
  }

  private SchemaDrift comparedWith(String earlier, @Nullable String earlierAt) {
    return earlier.equals(digest)
        ? new SchemaDrift(
            State.COMPARED, digest, earlier, earlierAt, List.of(), List.of(), List.of(), 0)
        : new SchemaDrift(
            State.COMPARED,
            digest,
            earlier,
            earlierAt,
            added,
            removed,
            List.of(),
            Math.max(1, added.size() + removed.size()));
  }

  /** Whether anything is otherwise than the last work left it. */
  public boolean found() {
    return count > 0;
  }
}
