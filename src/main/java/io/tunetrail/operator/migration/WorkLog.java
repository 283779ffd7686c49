package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.Redaction;
import java.io.PrintStream;
import java.util.List;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogFactory;

/**
 * The log of a Job's pod: a line an event, free of secrets. Of Flyway's own words it takes warnings
 * and notices.
 */
public final class WorkLog implements Log {
  private final PrintStream out;
  private volatile Redaction redaction = Redaction.NONE;

  public WorkLog(PrintStream out) {
    this.out = out;
  }

  /** From now on takes these secrets out too. */
  public void redact(Redaction secrets) {
    redaction = redaction.and(secrets);
  }

  public String redacted(String text) {
    return redaction.apply(text);
  }

  /** Makes this the log of Flyway until it is configured anew. */
  void receiveFlyway() {
    LogFactory.setLogCreator(type -> this);
  }

  /** What a work left can't be recorded, for this reason. */
  public void unrecorded(String why) {
    line(
        "what this work left is not recorded, so what others change after it can't be told: "
            + why);
  }

  public void line(String text) {
    out.println(redaction.apply(text));
  }

  /**
   * Lines that were redacted before they were packed, which could now hold a password by chance.
   */
  public void frame(List<String> lines) {
    lines.forEach(out::println);
  }

  @Override
  public void debug(String message) {
    // What Flyway does in detail is of no use to who reads a Job's log.
  }

  @Override
  public void info(String message) {
    // The roles say themselves which script runs.
  }

  @Override
  public void warn(String message) {
    line("warning: " + message);
  }

  @Override
  public void error(String message) {
    line("error: " + message);
  }

  @Override
  public void error(String message, Exception e) {
    line("error: " + message);
  }

  @Override
  public void notice(String message) {
    line("notice: " + message);
  }
}
