package io.tunetrail.operator.reconcile;

import java.time.Instant;
import java.util.Optional;

/** Whether this operator is the one that works. */
public interface Leader {
  /** There is no other. */
  Leader ALONE =
      new Leader() {
        @Override
        public boolean leads() {
          return true;
        }

        @Override
        public Optional<Instant> otherLed() {
          return Optional.empty();
        }

        @Override
        public boolean awaitLeading() {
          return true;
        }
      };

  /** Now, so that nothing may be done once it is false. */
  boolean leads();

  /** When another was last known to lead; empty where none is known to have led. */
  Optional<Instant> otherLed();

  /**
   * Blocks until it leads.
   *
   * @return false when the operator ends before that
   */
  boolean awaitLeading() throws InterruptedException;
}
