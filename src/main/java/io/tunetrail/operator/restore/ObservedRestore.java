package io.tunetrail.operator.restore;

import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a restore.
 *
 * @param own its Jobs
 * @param others the names of Jobs under way that change the same database
 * @param approversKnown whether the admission policy makes sure of who approves
 */
public record ObservedRestore(
    Instant now,
    Database database,
    List<ObservedJob> own,
    List<String> others,
    boolean approversKnown) {

  /** The TuneTrailDatabase that it names. */
  public sealed interface Database {}

  /** There is none of that name. */
  public record Missing() implements Database {}

  /**
   * There is.
   *
   * @param backups where they are
   * @param newestBackup name of the last successful one, as the status tells it; null: none yet
   * @param way to its server, and as who
   * @param rollbackTo the targetVersion that it is to go back to by a restore; null: to none
   */
  public record Found(
      DesiredBackup backups, @Nullable String newestBackup, Way way, @Nullable String rollbackTo)
      implements Database {}

  /** How the server is reached, by Secrets as they are now. */
  public sealed interface Way {}

  /**
   * It can be tried.
   *
   * @param live name of the database as its connection has it
   */
  public record Open(String live) implements Way {}

  /** It can't, and why. */
  public record Closed(Verdict verdict) implements Way {}
}
