package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.ImageContent;

/** What is known of what an image holds. */
public sealed interface Inspection {

  /** Nothing of it stands in an image. */
  record NotNeeded() implements Inspection {}

  /** It is not kept; an inspect Job tells. */
  record Missing() implements Inspection {}

  /**
   * It is kept.
   *
   * @param inputs of the inspect Job that told it
   */
  record Known(ImageContent content, String inputs) implements Inspection {}
}
