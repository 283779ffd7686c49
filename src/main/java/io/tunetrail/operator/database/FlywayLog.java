package io.tunetrail.operator.database;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.LoggerFactory;

/**
 * Flyway's warnings and errors, to the process's log. That is set up by the first of them: a Job's
 * process, which reports in its own way, mostly ends without.
 */
public final class FlywayLog implements LogCreator {

  /** For Flyway, which makes one by the class's name. */
  public FlywayLog() {}

  @Override
  public Log createLogger(Class<?> type) {
    return new Warnings(type);
  }

  private record Warnings(Class<?> type) implements Log {

    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void notice(String message) {}

    @Override
    public void warn(String message) {
      LoggerFactory.getLogger(type).warn(message);
    }

    @Override
    public void error(String message) {
      LoggerFactory.getLogger(type).error(message);
    }

    @Override
    public void error(String message, Exception e) {
      LoggerFactory.getLogger(type).error(message, e);
    }
  }
}
