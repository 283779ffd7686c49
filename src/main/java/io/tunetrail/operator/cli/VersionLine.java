package io.tunetrail.operator.cli;

/** The versions that a project has, with the database's place among them. */
sealed interface VersionLine permits FlywayLine, AlembicLine {

  /** What a request comes to. */
  sealed interface Answer {
    record Found(Move move) implements Answer {}

    /** Why it comes to nothing, and what to ask for instead. */
    record Refused(String message) implements Answer {}
  }

  Answer resolve(TargetRequest request);
}
