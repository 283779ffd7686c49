package io.tunetrail.operator.database;

/** A password that can't get into a text by accident: only {@link #value} gives it away. */
public record Password(String value) {

  @Override
  public String toString() {
    return "***";
  }
}
