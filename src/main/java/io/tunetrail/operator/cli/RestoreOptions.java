package io.tunetrail.operator.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a restore is of, where it goes, and as whom. */
final class RestoreOptions {
  @ArgGroup(exclusive = true)
  Backup backup = new Backup();

  @ArgGroup(exclusive = true, multiplicity = "1")
  Target target = new Target();

  @Option(
      names = "--admin",
      paramLabel = "SECRET",
      description =
          "The Secret of who may make and rename databases; that of migration.restoreAdmin where it"
              + " is left out.")
  @Nullable String admin;

  /** Which backup. */
  static final class Backup {
    @Option(
        names = "--backup",
        paramLabel = "BACKUP",
        description = "By its name; the newest that was verified where nothing is said.")
    @Nullable String name;

    @Option(names = "--latest", description = "The newest, verified or not.")
    boolean latest;

    @Option(
        names = "--before",
        paramLabel = "TIME",
        converter = Moments.class,
        description = "The newest until then: 2026-11-27T22:00:00Z.")
    @Nullable Instant before;
  }

  /** Where it goes. */
  static final class Target {
    @Option(
        names = "--into",
        paramLabel = "DATABASE",
        description = "A database that does not exist yet, on the same server.")
    @Nullable String newDatabase;

    @Option(
        names = "--in-place",
        description = "The live one's place, which is kept under another name.")
    boolean inPlace;

    @Option(
        names = "--approve",
        paramLabel = "RESTORE",
        description =
            "As a TuneTrailRestore asks for that waits for an approval, as migration.rollback"
                + " Restore makes one.")
    @Nullable String approve;
  }
}
