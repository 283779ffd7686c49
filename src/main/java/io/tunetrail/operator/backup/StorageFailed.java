package io.tunetrail.operator.backup;

import java.io.IOException;
import java.nio.file.Path;

/** The place of the backups would not take what was written, or give what was asked for. */
final class StorageFailed extends Exception {
  private static final long serialVersionUID = 1L;

  StorageFailed(Path where, IOException cause) {
    super("%s: %s".formatted(where, words(where, cause)), cause);
  }

  /**
   * A place that is no file.
   *
   * @param what happened, and what to do about it
   */
  StorageFailed(String where, String what, Throwable cause) {
    super("%s: %s".formatted(where, what), cause);
  }

  /** One that nothing else caused. */
  StorageFailed(String where, String what) {
    super("%s: %s".formatted(where, what));
  }

  /** A file's exception often says no more than its name. */
  private static String words(Path where, IOException cause) {
    var said = String.valueOf(cause.getMessage());
    return said.equals(where.toString()) ? cause.getClass().getSimpleName() : said;
  }
}
