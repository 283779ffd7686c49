package io.tunetrail.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.tunetrail.operator.api.Condition;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A value, with the labels that it has besides those of its resource. */
record Sample(Tags tags, double value) {

  static Sample of(Tags tags, double value) {
    return new Sample(tags, value);
  }

  static Sample of(double value) {
    return of(Tags.empty(), value);
  }

  /** Of a time as the status tells it, RFC 3339. */
  static Stream<Sample> time(@Nullable String time) {
    return Stream.ofNullable(time).map(it -> of(Instant.parse(it).toEpochMilli() / 1000.0));
  }

  /** None where it is Unknown. */
  static Stream<Sample> condition(Condition condition) {
    var tags = Tags.of("condition", condition.type(), "reason", condition.reason());
    return isTrue(condition).map(it -> of(tags, it)).stream();
  }

  /** 1 True, 0 False; empty where it is Unknown. */
  static Optional<Integer> isTrue(Condition condition) {
    return switch (condition.status()) {
      case "True" -> Optional.of(1);
      case "False" -> Optional.of(0);
      default -> Optional.empty();
    };
  }
}
