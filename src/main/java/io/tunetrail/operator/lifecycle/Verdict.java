package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;

/**
 * What is to be said of a resource.
 *
 * @param detail what happened in this case, stable while nothing changes, without the reason's
 *     remedy
 */
public record Verdict(Reason reason, String detail) {
  /**
   * Longer words of PostgreSQL are cut, so that a status stays one that people read; the Job's log
   * has them whole.
   */
  private static final int LONGEST_DETAIL = 500;

  public Verdict {
    detail = shortened(detail);
  }

  /** The text, cut to what a status has room for. */
  public static String shortened(String text) {
    if (text.length() <= LONGEST_DETAIL) {
      return text;
    }
    int end = LONGEST_DETAIL - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /** What happened and what to do about it. */
  public String message() {
    return reason.remedy().isEmpty() ? detail : sentence(detail) + " " + reason.remedy();
  }

  private static String sentence(String text) {
    return text.matches("(?s).*[.!?;…]") ? text : text + ".";
  }
}
