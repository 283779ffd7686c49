package io.tunetrail.operator.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement did on a scratch database that has the schema which it is planned for.
 *
 * @param run how far it came
 * @param locks the strongest on each relation that was there before, but for ACCESS SHARE; empty
 *     unless it ran in a transaction
 * @param written tables that were there before and to whose rows it writes; empty unless it ran in
 *     a transaction
 * @param newStorage tables and materialized views that were there before and have other files since
 * @param changes what of the schema that the plan begins with is no longer what it was
 * @param detail why it did not run, in PostgreSQL's words; null where it did
 */
public record Trace(
    Run run,
    List<TableLock> locks,
    List<String> written,
    List<String> newStorage,
    List<Change> changes,
    @Nullable String detail) {

  /** How far a statement came. */
  public enum Run {
    IN_TRANSACTION,
    /** PostgreSQL runs it in no transaction; so locks and the moment between are not seen. */
    OUTSIDE,
    /** PostgreSQL runs it in no transaction, and here it was not run at all. */
    ONLY_OUTSIDE,
    /** It concerns the whole server, and was taken back. */
    TAKEN_BACK,
    FAILED
  }

  /**
   * A relation or column of before.
   *
   * @param object for example {@code column public.songs.title}
   * @param newName null where it was dropped
   * @param holdsData whether dropping it loses what can't be computed again
   */
  public record Change(String object, @Nullable String newName, boolean holdsData) {}

  /** Whether what it did is known. */
  boolean measured() {
    return run == Run.IN_TRANSACTION || run == Run.OUTSIDE;
  }

  boolean refusesTransactions() {
    return run == Run.OUTSIDE || run == Run.ONLY_OUTSIDE;
  }
}
