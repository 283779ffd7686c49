package io.tunetrail.operator.migration;

import java.util.regex.Pattern;

/** Whether an image can't run as the user that its pod gives it. */
final class ImageUser {
  /** Of the kubelet, before the container is made, and of the runtime, which can't execute. */
  private static final Pattern WORDS =
      Pattern.compile(
          "non-root|runAsNonRoot|non-numeric user"
              + "|(exec|executable|chdir|cwd|starting container process).*permission denied",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ImageUser() {}

  /** By the words of what could not start. */
  static boolean isUnfit(String message) {
    return WORDS.matcher(message).find();
  }
}
