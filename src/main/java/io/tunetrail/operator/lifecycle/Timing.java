package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.WindowSpec;
import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether it is time to start: what an approval says of it, and the maintenance windows. */
final class Timing {
  private Timing() {}

  /**
   * It is not time.
   *
   * @param until when it may be; null: never by itself
   */
  record Later(Verdict verdict, @Nullable Instant until) {

    /** When to look again, so that what waits starts on time. */
    Duration lookAgain(Instant now) {
      if (until == null || !until.isAfter(now)) {
        return Lifecycle.PERIOD;
      }
      var left = Duration.between(now, until);
      return left.compareTo(Lifecycle.PERIOD) < 0 ? left : Lifecycle.PERIOD;
    }
  }

  static Optional<Later> objection(Desired desired, Instant now) {
    var approval = desired.gated() ? desired.approval() : null;
    return Optional.ofNullable(approval)
        .flatMap(it -> objection(it, now))
        .or(() -> objection(desired.windows(), now));
  }

  private static Optional<Later> objection(ApprovalSpec approval, Instant now) {
    var from = instant(approval.notBefore());
    if (from != null && now.isBefore(from)) {
      return later("the approval holds from %s on".formatted(approval.notBefore()), from);
    }
    var end = instant(approval.notAfter());
    return end == null || now.isBefore(end)
        ? Optional.empty()
        : Optional.of(
            new Later(
                new Verdict(
                    Reason.APPROVAL_EXPIRED,
                    "the approval held until %s and was not begun".formatted(approval.notAfter())),
                null));
  }

  private static Optional<Later> objection(List<WindowSpec> specs, Instant now) {
    var windows = new ArrayList<MaintenanceWindow>();
    for (var spec : specs) {
      try {
        windows.add(MaintenanceWindow.of(spec));
      } catch (InvalidSchedule e) {
        var verdict = new Verdict(Reason.INVALID_WINDOW, String.valueOf(e.getMessage()));
        return Optional.of(new Later(verdict, null));
      }
    }
    if (windows.isEmpty() || windows.stream().anyMatch(it -> it.isOpen(now))) {
      return Optional.empty();
    }
    return windows.stream()
        .flatMap(it -> it.opening(now).stream())
        .min(Comparator.comparing(ZonedDateTime::toInstant))
        .flatMap(it -> later("the next maintenance window opens at " + it, it.toInstant()));
  }

  private static Optional<Later> later(String detail, Instant until) {
    return Optional.of(new Later(new Verdict(Reason.WAITING_FOR_WINDOW, detail), until));
  }

  private static @Nullable Instant instant(@Nullable String time) {
    return time == null ? null : OffsetDateTime.parse(time).toInstant();
  }
}
