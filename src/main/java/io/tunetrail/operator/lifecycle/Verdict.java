package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import java.nio.charset.StandardCharsets;

/**
 * What is to be said of a resource.
 *
 * @param detail what happened in this case, stable while nothing changes, without the reason's
 *     remedy
 */
public record Verdict(Reason reason, String detail) {
  private static final int ELLIPSIS = 0x2026;

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
    return shortened(text, LONGEST_DETAIL);
  }

  /** The text, cut to so many bytes of UTF-8, never within a character. */
  public static String shortened(String text, int bytes) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= bytes) {
      return text;
    }
    int left = bytes - utf8Bytes(ELLIPSIS);
    int end = 0;
    while (left >= utf8Bytes(text.codePointAt(end))) {
      left -= utf8Bytes(text.codePointAt(end));
      end += Character.charCount(text.codePointAt(end));
    }
    return text.substring(0, end) + Character.toString(ELLIPSIS);
  }

  private static int utf8Bytes(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** What happened and what to do about it. */
  public String message() {
    return reason.remedy().isEmpty() ? detail : sentence(detail) + " " + reason.remedy();
  }

  private static String sentence(String text) {
    return text.matches("(?s).*[.!?;…]") ? text : text + ".";
  }
}
