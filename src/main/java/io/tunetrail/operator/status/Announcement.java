package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event to tell of a change.
 *
 * @param warning whether somebody should look
 */
public record Announcement(boolean warning, String reason, String message) {

  /** What changed from one status to the next; nothing when the verdict is the same as before. */
  public static List<Announcement> of(
      @Nullable TuneTrailDatabaseStatus previous, TuneTrailDatabaseStatus next) {
    return of(previous == null ? null : previous.conditions(), next.conditions());
  }

  /** The same, by conditions. */
  public static List<Announcement> of(
      @Nullable List<Condition> previous, @Nullable List<Condition> next) {
    var verdict =
        changed(previous, next, Conditions.READY)
            .map(now -> new Announcement(warns(next), now.reason(), now.message()));
    var drift =
        changed(previous, next, Conditions.DRIFTED)
            .filter(now -> now.status().equals("True"))
            .map(now -> new Announcement(true, now.reason(), now.message()))
            .filter(it -> verdict.isEmpty() || !it.equals(verdict.get()));
    return Stream.concat(verdict.stream(), drift.stream()).toList();
  }

  private static Optional<Condition> changed(
      @Nullable List<Condition> previous, @Nullable List<Condition> next, String type) {
    var before = Conditions.find(previous, type);
    return Conditions.find(next, type)
        .filter(now -> before.isEmpty() || differs(before.get(), now));
  }

  private static boolean differs(Condition before, Condition now) {
    return !before.reason().equals(now.reason()) || !before.message().equals(now.message());
  }

  private static boolean warns(@Nullable List<Condition> conditions) {
    return Conditions.isTrue(conditions, Conditions.STALLED)
        || Conditions.find(conditions, Conditions.RECONCILING)
            .filter(it -> it.status().equals("True"))
            .filter(it -> !working(it.reason()))
            .isPresent();
  }

  private static boolean working(String reason) {
    for (var it : Reason.values()) {
      if (it.toString().equals(reason)) {
        return it.kind() == Reason.Kind.WORKING;
      }
    }
    return false;
  }
}
