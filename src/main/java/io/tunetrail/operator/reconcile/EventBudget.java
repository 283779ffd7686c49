package io.tunetrail.operator.reconcile;

import io.tunetrail.operator.status.Announcement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Events to one for each decision, and to so many as people and the API server can bear; safe
 * for use by many threads.
 */
final class EventBudget {
  /** At once, for a resource that had none for long. */
  static final int BURST = 50;

  /** Afterwards one more each so often. */
  static final Duration REFILL = Duration.ofSeconds(30);

  private static final int MOST_RESOURCES = 10_000;

  private final Map<String, Account> accounts =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
          return size() > MOST_RESOURCES;
        }
      };

  /** What becomes of an announcement. */
  enum Admission {
    NEWS,
    /** It was told of, but the status that says so could not be written. */
    TOLD_BEFORE,
    TOO_MANY
  }

  private static final class Account {
    private @Nullable Object before;
    private final Set<Announcement> told = new HashSet<>();
    private int left = BURST;
    private Instant refilled;

    Account(Instant now) {
      refilled = now;
    }
  }

  /**
   * Counts an announcement.
   *
   * @param before the status that it changes; null before the first
   */
  synchronized Admission admit(
      String uid, @Nullable Object before, Announcement announcement, Instant now) {
    var account = accounts.computeIfAbsent(uid, _ -> new Account(now));
    if (!Objects.equals(account.before, before)) {
      account.before = before;
      account.told.clear();
    }
    if (!account.told.add(announcement)) {
      return Admission.TOLD_BEFORE;
    }
    refill(account, now);
    if (account.left == 0) {
      return Admission.TOO_MANY;
    }
    account.left--;
    return Admission.NEWS;
  }

  private static void refill(Account account, Instant now) {
    long earned = Duration.between(account.refilled, now).dividedBy(REFILL);
    if (earned > 0) {
      account.left = (int) Math.min(BURST, account.left + earned);
      account.refilled = account.refilled.plus(REFILL.multipliedBy(earned));
    }
  }
}
