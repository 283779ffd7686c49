package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.PlanStatus;

/** What is to be kept of what Jobs told, or no longer. */
public sealed interface Keeping {

  /** What this ended inspect Job told of an image. */
  record Told(String job) implements Keeping {}

  /** The SQL that this ended plan Job told. */
  record Planned(String job, PlanStatus plan) implements Keeping {}

  /** No plan any more. */
  record NoPlan() implements Keeping {}
}
