package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.AlembicHistory;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings a schema to its target by the image's own Alembic. What was reached is what the version
 * table says, never what the command's exit code does.
 */
final class AlembicWork {
  private static final String UNCHANGED =
      "the command ended well and changed nothing in the version table: its env.py may not call"
          + " context.run_migrations(), may work on another database, or has another version_table"
          + " than schema.alembic says";

  private final WorkOrder order;
  private final AlembicSettings alembic;
  private final RevisionGraph graph;
  private final Hold hold;
  private final ConnectionSettings settings;
  private final String schema;

  AlembicWork(
      WorkOrder order,
      AlembicSettings alembic,
      RevisionGraph graph,
      Hold hold,
      ConnectionSettings settings,
      String schema) {
    this.order = order;
    this.alembic = alembic;
    this.graph = graph;
    this.hold = hold;
    this.settings = settings;
    this.schema = schema;
  }

  /** The commands that do it. */
  interface Steps {

    /** Why it failed. */
    Optional<ProgramFailure> run() throws IOException, SQLException;
  }

  /** What is appended to the image's Alembic command, command by command. */
  List<List<String>> arguments() {
    return arguments(order.task());
  }

  private List<List<String>> arguments(Task task) {
    return task == Task.UNDO
        ? each("downgrade", target().isEmpty() ? List.of("base") : target())
        : upgrades();
  }

  List<List<String>> upgrades() {
    return each("upgrade", tips());
  }

  /** Alembic does not move from a revision that it does not have. */
  List<List<String>> stamps() throws SQLException {
    var stamps = each("stamp", tips());
    return state().revisions().stream().allMatch(graph::knows) ? stamps : purging(stamps);
  }

  private static List<List<String>> purging(List<List<String>> stamps) {
    var first = List.of("stamp", "--purge", stamps.getFirst().getLast());
    return Stream.concat(Stream.of(first), stamps.stream().skip(1)).toList();
  }

  /** Whether the target is all that the image has. */
  boolean isForNewest() {
    return Set.copyOf(target()).equals(Set.copyOf(graph.heads()));
  }

  /** Without those that others of them build or depend on. */
  private List<String> tips() {
    return target().stream()
        .filter(
            it ->
                target().stream()
                    .noneMatch(other -> !other.equals(it) && ids(List.of(other)).contains(it)))
        .toList();
  }

  private static List<List<String>> each(String command, List<String> revisions) {
    return revisions.stream().map(it -> List.of(command, it)).toList();
  }

  /** What tells the SQL of commands on a database with these revisions. */
  interface Planning {
    WorkResult tell(List<List<String>> arguments, List<String> have)
        throws IOException, SQLException;
  }

  /** Has it told what would be done, unless the database is not where it was when planned. */
  WorkResult planned(Planning planning) throws IOException, SQLException {
    var versions = state().revisions();
    return Objects.equals(joined(versions), order.from())
        ? planning.tell(arguments(Objects.requireNonNull(order.planned())), versions)
        : moved(versions);
  }

  private WorkResult moved(List<String> versions) {
    return changed(
        versions,
        "the database is at %s, this Job was planned from %s"
            .formatted(named(joined(versions)), named(order.from())));
  }

  /**
   * Does it, unless it is done already or the database is not where it was when planned.
   *
   * @param preparation what must have gone well before anything is noted
   */
  WorkResult run(Steps preparation, Steps steps) throws IOException, SQLException {
    var before = state();
    var versions = before.revisions();
    if (isThere(versions)) {
      return new WorkResult(Outcome.DONE, joined(versions), joined(versions), 0, null);
    }
    if (!Objects.equals(joined(versions), order.from())) {
      return moved(versions);
    }
    if (order.task() == Task.BASELINE && !before.tablesExist()) {
      return changed(versions, "there are no tables to adopt, the schema is empty");
    }
    var objection = preparation.run();
    if (objection.isPresent()) {
      return WorkResult.failedAt(
          joined(versions), objection.get().outcome(), objection.get().message());
    }
    hold.openHistory(schema);
    hold.begin();
    var failure = steps.run();
    return failure.isPresent() && failure.get().outcome() == Outcome.LOCK_LOST
        ? WorkResult.failed(Outcome.LOCK_LOST, failure.get().message())
        : ended(versions, failure);
  }

  private static WorkResult changed(List<String> versions, String what) {
    return WorkResult.failedAt(joined(versions), Outcome.INPUTS_CHANGED, what);
  }

  private WorkResult ended(List<String> before, Optional<ProgramFailure> failure) {
    try {
      var after = state().revisions();
      var outcome = failure.map(ProgramFailure::outcome).orElse(Outcome.DONE);
      var versions = graph.ancestry(after).stream().map(Revision::id).toList();
      if (outcome == Outcome.DONE) {
        hold.done(joined(after), versions, alembic.versionTable());
      } else {
        hold.finish(outcome.text(), joined(after), versions);
      }
      var message = before.equals(after) ? UNCHANGED : null;
      return new WorkResult(
          outcome,
          joined(before),
          joined(after),
          applied(before, after),
          failure.map(ProgramFailure::message).orElse(message));
    } catch (SQLException e) {
      var lost = SqlFailure.of(e, settings);
      return WorkResult.failed(
          failure.map(ProgramFailure::outcome).orElse(Outcomes.duringWork(lost.reason())),
          failure.map(ProgramFailure::message).orElse(lost.detail()));
    }
  }

  private SchemaState.Alembic state() throws SQLException {
    return hold.ask(connection -> AlembicHistory.read(connection, alembic, schema)).state();
  }

  private boolean isThere(List<String> versions) {
    boolean reached = ids(versions).containsAll(target());
    return order.task() == Task.UNDO
        ? reached && graph.above(versions, target()).isEmpty()
        : reached && !target().isEmpty();
  }

  /** How many revisions ran; an adoption runs none. */
  private int applied(List<String> before, List<String> after) {
    boolean back = order.task() == Task.UNDO;
    var more = new HashSet<>(ids(back ? before : after));
    more.removeAll(ids(back ? after : before));
    return order.task() == Task.BASELINE ? 0 : more.size();
  }

  private Set<String> ids(List<String> versions) {
    return graph.ancestry(versions).stream().map(Revision::id).collect(Collectors.toSet());
  }

  private List<String> target() {
    return order.target() == null ? List.of() : List.of(order.target().split(","));
  }

  private static @Nullable String joined(List<String> versions) {
    return versions.isEmpty() ? null : versions.stream().sorted().collect(Collectors.joining(","));
  }

  private static String named(@Nullable String version) {
    return version == null ? "no revision" : "revision " + version;
  }
}
