package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;

/**
 * What is to be said of a resource.
 *
 * @param detail what happened in this case, stable while nothing changes, without the reason's
 *     remedy
 */
public record Verdict(Reason reason, String detail) {

  /** What happened and what to do about it. */
  public String message() {
    return reason.remedy().isEmpty() ? detail : sentence(detail) + " " + reason.remedy();
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
  }
}
