package io.tunetrail.operator.reconcile;

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
        public boolean awaitLeading() {
          return true;
        }
      };

  /** Now, so that nothing may be done once it is false. */
  boolean leads();

  /**
   * Blocks until it leads.
   *
   * @return false when the operator ends before that
   */
  boolean awaitLeading() throws InterruptedException;
}
