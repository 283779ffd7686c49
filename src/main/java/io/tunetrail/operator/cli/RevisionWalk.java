package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number of steps from the database's revision, each to the one neighbour that it can mean.
 *
 * @param branch walks only on this one; null: on all
 */
record RevisionWalk(AlembicLine line, @Nullable String branch) {

  Answer resolve(int steps) {
    if (branch != null && labelled().isEmpty()) {
      return refused("the image has no branch %s".formatted(branch));
    }
    var starts = starts();
    if (starts.size() > 1) {
      return refused(
          "the database is at several revisions; name the branch, as in LABEL@%+d: %s"
              .formatted(steps, AlembicLine.joined(starts)));
    }
    var start = starts.isEmpty() ? null : starts.getFirst();
    return steps < 0 ? back(start, -steps) : forward(start, steps);
  }

  private Answer forward(@Nullable String start, int steps) {
    var at = start;
    for (int done = 0; done < steps; done++) {
      var next = above(at);
      if (next.isEmpty()) {
        return refused(tooFar(steps, done, "after", start));
      }
      if (next.size() > 1) {
        return refused("several revisions come after %s: %s".formatted(shown(at), choice(next)));
      }
      at = next.getFirst();
    }
    return arrived(at);
  }

  private Answer back(@Nullable String start, int steps) {
    var at = start;
    for (int done = 0; done < steps; done++) {
      if (at == null) {
        return refused(tooFar(steps, done, "before", start));
      }
      var next = List.copyOf(revision(at).down());
      if (next.size() > 1) {
        return refused("%s merges several revisions: %s".formatted(at, choice(next)));
      }
      at = next.isEmpty() ? null : next.getFirst();
    }
    return unlessOthersGo(arrived(at));
  }

  private Answer arrived(@Nullable String at) {
    return at == null ? line.found("base", List.of()) : line.found(at, List.of(at));
  }

  /** Going back beneath where branches part takes all of them back. */
  private Answer unlessOthersGo(Answer answer) {
    if (branch == null || !(answer instanceof Answer.Found(Move move))) {
      return answer;
    }
    var own = branchRevisions();
    var others = move.undone().stream().filter(it -> !own.contains(it)).toList();
    return others.isEmpty()
        ? answer
        : refused(
            "going back to %s would undo revisions of other branches too: %s; if that is meant, name %s itself"
                .formatted(move.to(), AlembicLine.joined(others), move.to()));
  }

  /** Where the database stands on the branch: the newest of what it has there. */
  private List<String> starts() {
    var there = line.graph().ancestry(line.current()).stream().filter(it -> isOn(it.id())).toList();
    var built = new HashSet<String>();
    there.forEach(it -> built.addAll(it.down()));
    return there.stream().map(Revision::id).filter(it -> !built.contains(it)).toList();
  }

  /** What builds on it; on nothing: where the project, or the branch, begins. */
  private List<String> above(@Nullable String at) {
    return line.graph().revisions().stream()
        .filter(it -> at == null ? it.down().isEmpty() : it.down().contains(at))
        .map(Revision::id)
        .filter(this::isOn)
        .toList();
  }

  private boolean isOn(String id) {
    return branch == null || branchRevisions().contains(id);
  }

  /** The revisions that bear the label, all that build on them, and all that they build on. */
  private Set<String> branchRevisions() {
    var labelled = labelled();
    var revisions = lineage(labelled);
    line.graph().revisions().stream()
        .map(Revision::id)
        .filter(it -> lineage(List.of(it)).stream().anyMatch(labelled::contains))
        .forEach(revisions::add);
    return revisions;
  }

  private List<String> labelled() {
    return line.graph().revisions().stream()
        .filter(it -> branch != null && it.labels().contains(branch))
        .map(Revision::id)
        .toList();
  }

  private Set<String> lineage(Collection<String> ids) {
    var seen = new HashSet<String>();
    var open = new ArrayDeque<>(ids);
    while (!open.isEmpty()) {
      var id = open.pop();
      if (seen.add(id)) {
        open.addAll(revision(id).down());
      }
    }
    return seen;
  }

  private Revision revision(String id) {
    return line.graph().revisions().stream()
        .filter(it -> it.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String tooFar(int steps, int there, String where, @Nullable String start) {
    return "%d steps are too many; so many revisions come %s %s: %d"
        .formatted(steps, where, shown(start), there);
  }

  private static String choice(Collection<String> ids) {
    return "name the one that is meant: " + AlembicLine.joined(ids);
  }

  private static String shown(@Nullable String id) {
    return id == null ? "base" : id;
  }

  private static Answer refused(String message) {
    return new Answer.Refused(message);
  }
}
