package io.tunetrail.operator.reconcile;

/** How keeping what a Job told went. */
sealed interface Kept {
  record Done() implements Kept {}

  /** The log is not there or not whole, so that the Job must be asked once more. */
  record NotTold() implements Kept {}

  /** Somebody else's ConfigMap has the name. */
  record NameTaken(String name) implements Kept {}
}
