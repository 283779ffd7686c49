package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.MadeFiles;
import io.tunetrail.operator.migration.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Alembic's work that makes files, which are then written here. */
record Drafting(AlembicRun run, AlembicWork work, PrintWriter out) {

  /**
   * Runs it; {@code nothing} is said where there is nothing to make. What was made is written even
   * if it is not right yet, which fails all the same.
   */
  void into(Path folder, String nothing) throws CommandFailure {
    var end = run.of(work);
    var made = MadeFiles.parse(end.log());
    if (end.outcome() == Outcome.DONE && made.isEmpty()) {
      throw new CommandFailure(
          "the log of %s is not whole any more; try again".formatted(work.image()));
    }
    var files = made.map(MadeFiles::files).orElse(List.of());
    for (var path : new Folder(folder).write(files)) {
      out.println(path);
    }
    if (end.outcome() != Outcome.DONE) {
      throw new CommandFailure(end.detail());
    }
    if (files.isEmpty()) {
      out.println(nothing);
    }
  }
}
