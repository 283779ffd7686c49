package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.PlanDocument.Statement;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Method;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.PlanFrame;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What would run: scripts as they stand, their placeholders not filled in, or the SQL that Alembic
 * tells.
 */
final class LocalPlan {
  private LocalPlan() {}

  /** Null where nothing would run, or it can't be seen. */
  static @Nullable PlanDocument of(LocalProject project, Plan plan) {
    var progress = plan.progress();
    if (progress == null) {
      return null;
    }
    var work = plan.start();
    var statements =
        work != null && progress.pending().isEmpty()
            ? all(work.task() == Task.SEED ? project.seeds() : project.scripts())
            : progress.pending().stream()
                .map(it -> statement(project, it, script(project, progress.task(), it)))
                .toList();
    return statements.isEmpty()
        ? null
        : new PlanDocument(
            progress.pendingDigest(), progress.current(), progress.target(), statements, null);
  }

  /** Asks the project's own Alembic; null where nothing would run. */
  static @Nullable PlanDocument ofAlembic(LocalProject project, LocalDatabase.Decided decided)
      throws CommandFailure {
    var progress = decided.plan().progress();
    if (progress == null || progress.pending().isEmpty()) {
      return null;
    }
    var work =
        new Work(
            Method.ALEMBIC,
            Task.PLAN,
            Digest.of("plan", progress.pendingDigest()),
            1,
            decided.scriptsDigest(),
            progress.current(),
            progress.target(),
            null,
            progress.task(),
            null,
            null);
    var log = new ByteArrayOutputStream();
    var report =
        new LocalWork(project, new PrintStream(log, true, StandardCharsets.UTF_8)).run(work);
    var planned = PlanFrame.parse(log.toString(StandardCharsets.UTF_8));
    if (report.outcome() != Outcome.DONE || planned.isEmpty()) {
      throw new CommandFailure(
          "there is no plan: "
              + Objects.requireNonNullElse(report.message(), report.outcome().text()));
    }
    return new PlanDocument(
        progress.pendingDigest(),
        progress.current(),
        progress.target(),
        planned.get().statements().stream()
            .map(it -> new Statement(it.script(), it.version(), it.sql(), it.transactional()))
            .toList(),
        planned.get().analysis());
  }

  /** Create-all and seeds run as a whole. */
  private static List<Statement> all(ScriptSet scripts) {
    return scripts.files().stream()
        .map(it -> new Statement(it.name(), null, it.content(), null))
        .toList();
  }

  /** What takes a script back has its name, with another prefix. */
  private static String script(LocalProject project, Task task, Migration migration) {
    var flyway = project.desired().flyway();
    return task == Task.UNDO && flyway != null
        ? "U" + migration.script().substring(flyway.sqlMigrationPrefix().length())
        : migration.script();
  }

  private static Statement statement(LocalProject project, Migration migration, String script) {
    var content =
        project.scripts().files().stream()
            .filter(it -> it.fileName().equals(script))
            .map(ScriptFile::content)
            .findFirst()
            .orElse("-- " + migration.description());
    return new Statement(script, migration.version(), content, null);
  }
}
