package io.tunetrail.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogConfigurationTest {
  private static LoggerContext configured(Map<String, String> environment) {
    var context = new LoggerContext();
    LogConfiguration.configure(context, environment);
    return context;
  }

  private static ConsoleAppender<ILoggingEvent> appender(LoggerContext context) {
    var appenders = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    return (ConsoleAppender<ILoggingEvent>) appenders.next();
  }

  @Test
  void the_log_is_text_for_people_from_info_on() {
    var context = configured(Map.of());
    assertThat(appender(context).isStarted()).isTrue();
    assertThat(appender(context).getEncoder())
        .isInstanceOfSatisfying(
            PatternLayoutEncoder.class, it -> assertThat(it.isStarted()).isTrue());
    assertThat(context.getLogger("io.tunetrail").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("io.fabric8.kubernetes").getEffectiveLevel())
        .isEqualTo(Level.WARN);
  }

  @Test
  void variables_make_it_json_and_say_how_much() {
    var context = configured(Map.of("LOG_FORMAT", "json", "LOG_LEVEL", "debug"));
    assertThat(appender(context).getEncoder()).isInstanceOf(JsonLines.class);
    assertThat(context.getLogger("io.tunetrail").getEffectiveLevel()).isEqualTo(Level.DEBUG);
  }

  @Test
  void logback_finds_it_and_a_file_wins() {
    assertThat(ServiceLoader.load(Configurator.class))
        .hasAtLeastOneElementOfType(LogConfiguration.class);
    assertThat(new LogConfiguration().configure(new LoggerContext()))
        .as("the build names one for its tests")
        .isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
  }
}
