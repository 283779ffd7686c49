package io.tunetrail.operator.tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** What OpenTelemetry's SDK says of itself, as lines of our log instead of the JDK's. */
final class SdkLog extends Handler {
  private static final String SDK = "io.opentelemetry";

  // Held, because a logger that nobody holds forgets its handlers.
  private static final Logger LOGGER = Logger.getLogger(SDK);

  private final SimpleFormatter words = new SimpleFormatter();

  private SdkLog() {}

  static synchronized void redirect() {
    if (LOGGER.getUseParentHandlers()) {
      LOGGER.setUseParentHandlers(false);
      LOGGER.addHandler(new SdkLog());
    }
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      LoggerFactory.getLogger(SDK).warn("{}", words.formatMessage(line));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
