package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.tunetrail.operator.engine.ScriptSet;
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

/** A Job's work in this process, by the order that the Job would have. */
record LocalWork(LocalProject project, PrintStream log) {

  /** Does it; what it reports says how it ended. */
  Report run(Work work) throws CommandFailure {
    try {
      var folder = Files.createTempDirectory("tunetrail");
      try {
        return run(work, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailure("the work's own folder can't be written: " + e.getMessage());
    }
  }

  private Report run(Work work, Path folder) throws IOException, CommandFailure {
    write(folder, work.task() == Task.SEED ? project.seeds() : project.scripts());
    var report = folder.resolve("report.json");
    var environment =
        Map.of(
            WorkOrder.VARIABLE,
            order(work),
            WorkOrder.MOUNTS_VARIABLE,
            folder.toString(),
            WorkOrder.REPORT_VARIABLE,
            report.toString());
    role(work.task(), environment);
    return Report.parse(Files.readString(report))
        .orElseThrow(() -> new CommandFailure("the work left no report"));
  }

  private void role(Task task, Map<String, String> environment) throws CommandFailure {
    switch (task) {
      case MIGRATE -> MigrateRole.run(environment, log);
      case UNDO -> UndoRole.run(environment, log);
      case BASELINE -> BaselineRole.run(environment, log);
      case CREATE_ALL -> CreateAllRole.run(environment, log);
      case SEED -> SeedRole.run(environment, log);
      case LOOK, INSPECT, PLAN, GENERATE, SETUP, CHECK, BACKUP, VERIFY, RESTORE ->
          throw new CommandFailure(task + " needs a cluster");
    }
  }

  private String order(Work work) {
    var job = MigrationJob.of(project.resource(), project.desired(), work, "local");
    var containers = job.getSpec().getTemplate().getSpec().getContainers();
    return containers.getFirst().getEnv().stream()
        .filter(it -> it.getName().equals(WorkOrder.VARIABLE))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private void write(Path folder, ScriptSet scripts) throws IOException {
    for (var key : project.secret().entrySet()) {
      file(folder.resolve("secret").resolve(key.getKey()), key.getValue());
    }
    if (project.caPem() != null) {
      file(folder.resolve("ca").resolve("ca.crt"), project.caPem());
    }
    for (var script : scripts.files()) {
      var source = folder.resolve("sql").resolve(Integer.toString(script.source()));
      file(source.resolve(script.name()), script.content());
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
