package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.HandsScript;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A project on this machine, in place of the image that it becomes.
 *
 * @param folder where its commands run
 * @param interpreter its Python
 */
record LocalPython(Path folder, String interpreter) {
  /** As virtual environments have it. */
  private static final String OF_ENVIRONMENT = "bin/python";

  /** With the Python that is named, else that of the active virtual environment. */
  static LocalPython of(Path folder, @Nullable String named, @Nullable String virtualEnvironment) {
    if (named != null) {
      return new LocalPython(
          folder, named.contains("/") ? Path.of(named).toAbsolutePath().toString() : named);
    }
    return new LocalPython(
        folder,
        virtualEnvironment == null || virtualEnvironment.isEmpty()
            ? "python3"
            : Path.of(virtualEnvironment, OF_ENVIRONMENT).toString());
  }

  /** What the project's own Alembic tells of its revisions; it meets no database. */
  RevisionGraph revisions(Desired desired, AlembicSettings alembic) throws CommandFailure {
    try {
      var report = Files.createTempFile("tunetrail", ".json");
      try {
        return revisions(desired, alembic, report);
      } finally {
        Files.delete(report);
      }
    } catch (IOException e) {
      throw notStarted(e);
    }
  }

  private RevisionGraph revisions(Desired desired, AlembicSettings alembic, Path report)
      throws IOException, CommandFailure {
    var builder = builder(desired).redirectErrorStream(true);
    builder.command(interpreter, "-c", HandsScript.TEXT, "inspect", alembic.config());
    builder.environment().put(WorkOrder.REPORT_VARIABLE, report.toString());
    var process = builder.start();
    String log;
    try (var said = process.getInputStream()) {
      log = new String(said.readAllBytes(), StandardCharsets.UTF_8);
    }
    return Holds.REVISIONS
        .told(log)
        .filter(RevisionGraph.class::isInstance)
        .map(RevisionGraph.class::cast)
        .orElseThrow(() -> new CommandFailure(why(report, log)));
  }

  private String why(Path report, String log) {
    try {
      var told = Report.parse(Files.readString(report));
      return "%s in %s: %s"
          .formatted(interpreter, folder, told.map(Report::message).orElse(log.strip()));
    } catch (IOException e) {
      return "%s in %s: %s".formatted(interpreter, folder, log.strip());
    }
  }

  List<String> python() {
    return List.of(interpreter);
  }

  /**
   * A process of the project's, whose command is to be set. What lies beside its Python is found
   * first, as in an active virtual environment.
   */
  ProcessBuilder builder(Desired desired) {
    var builder = new ProcessBuilder().directory(folder.toFile());
    builder.environment().put("EDITION", desired.edition().toString());
    builder.environment().put("ENVIRONMENT", desired.environment().toString());
    var bin = Path.of(interpreter).getParent();
    if (bin != null) {
      builder.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
    }
    return builder;
  }

  CommandFailure notStarted(IOException failure) {
    return new CommandFailure(
        "%s can't be started in %s: %s; name the project's Python by --python"
            .formatted(interpreter, folder, failure.getMessage()));
  }
}
