package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a database serves, laxest first: the order is that of {@link #stricterThan}. */
public enum Environment {
  @JsonProperty("development")
  DEVELOPMENT("development"),
  @JsonProperty("staging")
  STAGING("staging"),
  @JsonProperty("production")
  PRODUCTION("production");

  private final String text;

  Environment(String text) {
    this.text = text;
  }

  /** Whether leaving this environment for {@code other} loosens what protects the database. */
  public boolean stricterThan(Environment other) {
    return compareTo(other) > 0;
  }

  /** Parses the resource's spelling; throws {@link IllegalArgumentException} for any other text. */
  public static Environment parse(String text) {
    for (var environment : values()) {
      if (environment.text.equals(text)) {
        return environment;
      }
    }
    throw new IllegalArgumentException("not an environment: " + text);
  }

  @Override
  public String toString() {
    return text;
  }
}
