package io.tunetrail.operator.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The file that becomes the pod's termination message. */
final class ReportFile {
  private ReportFile() {}

  /** Writes it where {@link WorkOrder#REPORT_VARIABLE} says, if it says so. */
  static void write(Map<String, String> environment, Report report, WorkLog log) {
    var file = environment.get(WorkOrder.REPORT_VARIABLE);
    if (file == null) {
      return;
    }
    try {
      Files.writeString(Path.of(file), report.toJson());
    } catch (IOException e) {
      log.line("the report can't be written to %s: %s".formatted(file, e.getMessage()));
    }
  }
}
