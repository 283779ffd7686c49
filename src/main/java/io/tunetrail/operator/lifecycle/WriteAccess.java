package io.tunetrail.operator.lifecycle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a resource's login may write where its schema is, known without writing. */
public enum WriteAccess {
  WRITABLE("Writable", "it may write"),
  IN_RECOVERY("InRecovery", "the server is a replica, or recovers"),
  READ_ONLY("ReadOnly", "default_transaction_read_only is on"),
  NO_SCHEMA("NoSchema", "the schema does not exist"),
  MAY_NOT_CREATE("MayNotCreate", "the role has no CREATE on the schema"),
  MAY_NOT_WRITE("MayNotWrite", "the role lacks INSERT, UPDATE or DELETE on a table of the schema"),
  UNKNOWN("Unknown", "nobody looked whether it may write");

  private final String text;
  private final String words;

  WriteAccess(String text, String words) {
    this.text = text;
    this.words = words;
  }

  /** The one that a status tells; UNKNOWN where it tells none that is known here. */
  public static WriteAccess of(@Nullable String text) {
    return Arrays.stream(values()).filter(it -> it.text.equals(text)).findFirst().orElse(UNKNOWN);
  }

  /** As the status tells it. */
  public String text() {
    return text;
  }

  /** What is so, for people. */
  public String words() {
    return words;
  }
}
