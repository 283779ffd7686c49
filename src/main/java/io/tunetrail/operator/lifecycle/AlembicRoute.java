package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Resolution;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.Progress.Step;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way from the revisions a database has to those the spec asks for, in the image's graph. */
record AlembicRoute(
    Desired desired, DatabaseFacts facts, SchemaState.Alembic schema, RevisionGraph graph) {

  /** Where the way leads, or why there is none. */
  sealed interface Found {
    record Way(Progress progress) implements Found {}

    record NoWay(Verdict verdict, Progress progress) implements Found {}
  }

  Found find() {
    var unknown = schema.revisions().stream().filter(it -> !graph.knows(it)).toList();
    boolean adopts = adopts();
    if (!unknown.isEmpty() && !adopts) {
      return noWay(
          Reason.UNKNOWN_REVISION,
          "the database is at revision %s, which the image does not have"
              .formatted(String.join(", ", unknown)));
    }
    var target = adopts ? adopting().baseline().version() : desired.target();
    return switch (graph.resolve(target, branch())) {
      case Resolution.Found found ->
          new Found.Way(adopts ? adopting(found.ids()) : way(found.ids()));
      case Resolution.Unknown(String missing) ->
          noWay(
              Reason.UNKNOWN_REVISION,
              "the image has no revision or branch %s; its heads are %s"
                  .formatted(missing, joined(graph.heads())));
      case Resolution.Several(List<String> ids) ->
          noWay(
              Reason.MULTIPLE_HEADS,
              "%s could mean each of these revisions: %s".formatted(target, joined(ids)));
    };
  }

  private Adopting adopting() {
    return new Adopting(desired, facts);
  }

  private boolean adopts() {
    return adopting().withoutHistory(schema.historyExists(), schema.begun(), schema.tablesExist())
        || (schema.tablesExist() && adoptsAnew());
  }

  /** A revision that the history has, or that is below it, is none to adopt. */
  private boolean adoptsAnew() {
    var baseline = desired.baseline();
    if (baseline == null) {
      return false;
    }
    return switch (graph.resolve(baseline.version(), branch())) {
      case Resolution.Found(List<String> ids) ->
          !ids(graph.ancestry(schema.revisions())).containsAll(ids)
              && adopting().anew(joinedOrNull(ids));
      case Resolution.Unknown _, Resolution.Several _ -> adopting().anew(baseline.version());
    };
  }

  private @Nullable String branch() {
    return Objects.requireNonNull(desired.alembic()).branch();
  }

  private Progress way(List<String> target) {
    var have = ids(graph.ancestry(schema.revisions()));
    var forward = graph.ancestry(target).stream().filter(it -> !have.contains(it.id())).toList();
    var above = graph.above(schema.revisions(), target);
    return forward.isEmpty() && !above.isEmpty()
        ? progress(Task.UNDO, target, steps(above), undone(have))
        : progress(Task.MIGRATE, target, steps(forward), applied(have));
  }

  private Progress adopting(List<String> target) {
    var content = graph.ancestry(target).stream().map(Revision::digest).toList();
    return progress(
        Task.BASELINE,
        target,
        List.of(Migration.adopted(String.valueOf(joinedOrNull(target)), content)),
        List.of());
  }

  private Progress progress(
      Task task, List<String> target, List<Migration> pending, List<Step> done) {
    return Progress.of(
        task,
        current(),
        joinedOrNull(target),
        desired.settingsDigest() + graph.environment(),
        pending,
        done);
  }

  private List<Step> applied(Set<String> have) {
    return graph.revisions().stream()
        .filter(it -> have.contains(it.id()))
        .map(it -> new Step(joinedOrNull(it.down()), it.digest()))
        .toList();
  }

  /** What may have been taken back before: every revision that builds on the database's own. */
  private List<Step> undone(Set<String> have) {
    return graph.revisions().reversed().stream()
        .filter(it -> !have.contains(it.id()))
        .filter(it -> ids(graph.ancestry(List.of(it.id()))).containsAll(schema.revisions()))
        .map(it -> new Step(it.id(), it.digest()))
        .toList();
  }

  private static List<Migration> steps(List<Revision> revisions) {
    return revisions.stream().map(AlembicRoute::step).toList();
  }

  private static Migration step(Revision it) {
    return new Migration(it.id(), it.message(), it.id(), it.digest(), it.digest(), State.PENDING);
  }

  private Found noWay(Reason reason, String detail) {
    return new Found.NoWay(new Verdict(reason, detail), Progress.at(current(), null));
  }

  private @Nullable String current() {
    return joinedOrNull(schema.revisions());
  }

  private static @Nullable String joinedOrNull(List<String> ids) {
    return ids.isEmpty() ? null : ids.stream().sorted().collect(Collectors.joining(","));
  }

  private static String joined(List<String> ids) {
    return ids.isEmpty() ? "none" : String.join(", ", ids);
  }

  private static Set<String> ids(List<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toCollection(HashSet::new));
  }
}
