package io.tunetrail.operator.engine;

import java.util.Optional;

/** The graph of revisions in a container's log. */
public final class RevisionFrame {
  private RevisionFrame() {}

  /** The last graph in the log; empty where there is none, or not all of it. */
  public static Optional<RevisionGraph> parse(String log) {
    try {
      return LogFrame.parse(log, "tunetrail-revisions").map(RevisionGraph::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
