package io.tunetrail.operator.migration;

import java.util.Optional;
import java.util.stream.Stream;

/** What a person may ask of a database by a Job. */
public enum Examination {
  /** What the role may do, and what is to be known of its server. */
  ROLE("role"),
  /** What the schemas hold. */
  SCHEMA("schema");

  private final String text;

  Examination(String text) {
    this.text = text;
  }

  /** Empty for what is none. */
  static Optional<Examination> of(String text) {
    return Stream.of(values()).filter(it -> it.text.equals(text)).findFirst();
  }

  @Override
  public String toString() {
    return text;
  }
}
