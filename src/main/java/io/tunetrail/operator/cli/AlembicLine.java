package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Resolution;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Alembic's revisions, which may branch and merge.
 *
 * @param graph what the image holds
 * @param current the database's own rows; none before the first
 * @param branch the label that {@code latest} means; null where there is one head
 */
record AlembicLine(RevisionGraph graph, List<String> current, @Nullable String branch)
    implements VersionLine {
  private static final String BASE = "base";

  /**
   * From the status, which joins several rows by commas.
   *
   * @param version null before the first
   */
  static AlembicLine of(RevisionGraph graph, @Nullable String version, @Nullable String branch) {
    return new AlembicLine(
        graph, version == null ? List.of() : List.of(version.split(",", -1)), branch);
  }

  @Override
  public Answer resolve(TargetRequest request) {
    var unknown = current.stream().filter(it -> !graph.knows(it)).toList();
    if (!unknown.isEmpty()) {
      return new Answer.Refused(
          "the database is at %s, which the image does not have; take the image that has it"
              .formatted(String.join(", ", unknown)));
    }
    return switch (request) {
      case TargetRequest.Named(String version) -> named(version);
      case TargetRequest.Relative(String label, int steps) ->
          new RevisionWalk(this, label == null ? branch : label).resolve(steps);
    };
  }

  private Answer named(String target) {
    return switch (graph.resolve(target, branch)) {
      case Resolution.Found(List<String> ids) ->
          found(
              ids.size() == 1 && ids.getFirst().startsWith(target) ? ids.getFirst() : target, ids);
      case Resolution.Unknown(String missing) ->
          new Answer.Refused(
              "the image has no revision or branch %s; its heads are %s"
                  .formatted(missing, joined(graph.heads())));
      case Resolution.Several(List<String> ids) ->
          new Answer.Refused(
              "%s could mean each of these revisions; name one: %s".formatted(target, joined(ids)));
    };
  }

  /** The move to these revisions; none for base. */
  Answer found(String target, List<String> ids) {
    var forward = ids(graph.ancestry(ids));
    forward.removeAll(ids(graph.ancestry(current)));
    var undone =
        forward.isEmpty()
            ? graph.above(current, ids).stream().map(Revision::id).toList()
            : List.<String>of();
    return new Answer.Found(
        new Move(
            current.isEmpty() ? null : String.join(",", current),
            target,
            ids.isEmpty() ? BASE : ids.stream().sorted().collect(Collectors.joining(",")),
            undone,
            List.copyOf(forward)));
  }

  static Set<String> ids(Collection<Revision> revisions) {
    return revisions.stream()
        .map(Revision::id)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static String joined(Collection<String> ids) {
    return ids.isEmpty() ? "none" : String.join(", ", ids);
  }
}
