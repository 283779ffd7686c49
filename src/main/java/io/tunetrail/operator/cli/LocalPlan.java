package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.PlanDocument.Statement;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scripts that would run, as they stand: their placeholders are not filled in. */
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
