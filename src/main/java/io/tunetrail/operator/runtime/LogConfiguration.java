package io.tunetrail.operator.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * The log, where {@code -Dlogback.configurationFile} names no file for it: {@code LOG_FORMAT=json}
 * for log collectors, text for people, from {@code LOG_LEVEL} on. As a class, because reading XML
 * would cost each start time and memory.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {
  private static final String FILE = "logback.configurationFile";

  private static final String TEXT =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %logger{0} %kvp{NONE} %msg%n%ex{short}";

  /** Their own comings and goings are not news. */
  private static final List<String> QUIET =
      List.of("io.javaoperatorsdk", "io.fabric8", "org.flywaydb");

  /** For logback, which makes one by the class's name. */
  public LogConfiguration() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    configure(context, System.getenv());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static void configure(LoggerContext context, Map<String, String> environment) {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder(context, environment.getOrDefault("LOG_FORMAT", "text")));
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.toLevel(environment.get("LOG_LEVEL"), Level.INFO));
    QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    LogLevels.keepSecrets(context);
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
    if (format.equals("json")) {
      var json = new JsonLines();
      json.setContext(context);
      json.start();
      return json;
    }
    var text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(TEXT);
    text.start();
    return text;
  }
}
