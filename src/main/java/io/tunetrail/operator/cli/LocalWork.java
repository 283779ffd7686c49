package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.tunetrail.operator.cli.LocalProject.Login;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.guard.GuardedProcess;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.BaselineRole;
import io.tunetrail.operator.migration.CreateAllRole;
import io.tunetrail.operator.migration.MigrateRole;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.migration.SeedRole;
import io.tunetrail.operator.migration.UndoRole;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Job's work in this process, by the order that the Job would have. */
record LocalWork(LocalProject project, PrintStream log) {

  /** Does it; what it reports says how it ended. */
  Report run(Work work) throws CommandFailure {
    return run(work, null);
  }

  /** The same with what a person gave with the task; null for nothing. */
  Report run(Work work, @Nullable String argument) throws CommandFailure {
    try {
      var folder = Files.createTempDirectory("tunetrail");
      try {
        return run(work, argument, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure("the work's own folder can't be written: " + e.getMessage());
    }
  }

  private Report run(Work work, @Nullable String argument, Path folder)
      throws IOException, CommandFailure {
    write(folder, work.task() == Task.SEED ? project.seeds() : project.scripts());
    var alembic = project.desired().alembic();
    var python = project.python();
    if (alembic != null && python != null && !work.task().startedByHand()) {
      file(
          folder.resolve("revisions").resolve(Holds.REVISIONS.file()),
          python.revisions(project.desired(), alembic).toJson());
    }
    var report = folder.resolve("report.json");
    var environment =
        Map.of(
            WorkOrder.VARIABLE,
            order(work, argument),
            WorkOrder.MOUNTS_VARIABLE,
            folder.toString(),
            WorkOrder.REPORT_VARIABLE,
            report.toString());
    if (python != null && isByProgram(work.task())) {
      guarded(environment, Files.createDirectory(folder.resolve("shared")), python);
    } else {
      role(work.task(), environment);
    }
    return Report.parse(Files.readString(report))
        .orElseThrow(() -> new CommandFailure("the work left no report"));
  }

  private boolean isByProgram(Task task) {
    var desired = project.desired();
    var seed = desired.seed();
    return task == Task.SEED
        ? seed != null && seed.program() != null
        : desired.alembic() != null || desired.createAll() != null;
  }

  private void guarded(Map<String, String> environment, Path shared, LocalPython python)
      throws CommandFailure {
    try {
      GuardedProcess.run(
          environment, shared, python.python(), python.builder(project.desired()), log);
    } catch (IOException e) {
      throw python.notStarted(e);
    }
  }

  private void role(Task task, Map<String, String> environment) throws CommandFailure {
    switch (task) {
      case MIGRATE -> MigrateRole.run(environment, log);
      case UNDO -> UndoRole.run(environment, log);
      case BASELINE -> BaselineRole.run(environment, log);
      case CREATE_ALL -> CreateAllRole.run(environment, log);
      case SEED -> SeedRole.run(environment, log);
      case LOOK, INSPECT, PLAN, GENERATE, SETUP, CHECK, EXAMINE, BACKUP, VERIFY, RESTORE ->
          throw new CommandFailure(task + " needs a cluster");
    }
  }

  private String order(Work work, @Nullable String argument) {
    var pod =
        MigrationJob.byHand(project.resource(), project.desired(), work, argument, "local")
            .getSpec()
            .getTemplate()
            .getSpec();
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .flatMap(it -> it.getEnv().stream())
        .filter(it -> it.getName().equals(WorkOrder.VARIABLE))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private void write(Path folder, ScriptSet scripts) throws IOException {
    write(folder, "", new Login(project.secret(), project.caPem()));
    if (project.scratch() != null) {
      write(folder, "scratch-", project.scratch());
    }
    for (var script : scripts.files()) {
      var source = folder.resolve("sql").resolve(Integer.toString(script.source()));
      file(source.resolve(script.name()), script.content());
    }
  }

  private static void write(Path folder, String prefix, Login login) throws IOException {
    for (var key : login.secret().entrySet()) {
      file(folder.resolve(prefix + "secret").resolve(key.getKey()), key.getValue());
    }
    if (login.caPem() != null) {
      file(folder.resolve(prefix + "ca").resolve("ca.crt"), login.caPem());
    }
  }

  private static void file(Path file, String content) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, content);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
