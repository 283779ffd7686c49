package io.tunetrail.operator.lifecycle;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a Job is for; the text is that of its name, of tunetrail.history and of a runner's role. */
public enum Task {
  /** Reads what an image holds; touches no database. */
  INSPECT("inspect"),
  CREATE_ALL("create-all"),
  MIGRATE("migrate"),
  /** Goes back by the project's own reverse scripts. */
  UNDO("undo"),
  /** Notes, after a comparison, the version of a database that has tables and no history. */
  BASELINE("baseline"),
  /** Puts fixtures in. */
  SEED("seed");

  private final String text;

  Task(String text) {
    this.text = text;
  }

  /** Whether it is work on the schema itself. */
  public boolean changesSchema() {
    return switch (this) {
      case CREATE_ALL, MIGRATE, UNDO, BASELINE -> true;
      case INSPECT, SEED -> false;
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
