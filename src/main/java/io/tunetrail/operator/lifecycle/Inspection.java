package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.ImageContent;
import org.jspecify.annotations.Nullable;

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
   * @param pinned the image that it ran, by its digest in the registry; null where none is known
   */
  record Known(ImageContent content, String inputs, @Nullable String pinned) implements Inspection {

    /** Of an image that no registry gave a digest. */
    public Known(ImageContent content, String inputs) {
      this(content, inputs, null);
    }
  }
}
