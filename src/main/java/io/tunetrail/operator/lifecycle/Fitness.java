package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether this resource may work on this database at all. */
final class Fitness {
  private Fitness() {}

  static Optional<Verdict> objection(Desired desired, Observed observed, DatabaseFacts facts) {
    if (observed.rival() != null) {
      return object(
          Reason.DATABASE_CONFLICT,
          observed.rival() + " is older and names the same database and history schema");
    }
    if (facts.transactionPooled()) {
      return object(
          Reason.TRANSACTION_POOLING,
          "a proxy gives two connections one backend, so locks would not hold");
    }
    if (facts.inRecovery()) {
      return object(Reason.READ_ONLY_REPLICA, "the server is a replica and takes no changes");
    }
    var strictest = strictest(observed.memory(), facts);
    if (strictest != null && strictest.stricterThan(desired.environment())) {
      return object(
          Reason.ENVIRONMENT_LAXER,
          "the database was used as %s, spec.environment says %s"
              .formatted(strictest, desired.environment()));
    }
    return Optional.empty();
  }

  /**
   * The strictest environment this database is known to have been used as; null where nothing is
   * known.
   */
  static @Nullable Environment strictest(Observed.Memory memory, DatabaseFacts facts) {
    var inDatabase = facts.strictestEnvironment();
    var remembered = facts.identity().equals(memory.identity()) ? memory.environment() : null;
    if (inDatabase == null || remembered == null) {
      return inDatabase == null ? remembered : inDatabase;
    }
    return inDatabase.stricterThan(remembered) ? inDatabase : remembered;
  }

  private static Optional<Verdict> object(Reason reason, String detail) {
    return Optional.of(new Verdict(reason, detail));
  }
}
