package io.tunetrail.operator.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** What backups are called: by their resource and when they began. */
final class BackupName {
  private static final int LONGEST_STEM = 200;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern ARCHIVE =
      Pattern.compile("(?<name>.+-\\d{8}T\\d{6}Z(" + BackupChoice.SAFETY + ")?)\\.dump");

  private BackupName() {}

  /**
   * The name of one that begins now.
   *
   * @param safety whether it is of what a restore is about to replace
   */
  static String of(String resource, Instant started, boolean safety) {
    var stem = resource.substring(0, Math.min(resource.length(), LONGEST_STEM));
    return stem + "-" + STAMP.format(started) + (safety ? BackupChoice.SAFETY : "");
  }

  /** The backup whose archive a file or an object is by its name; empty where it is none's. */
  static Optional<String> ofArchive(String file) {
    var archive = ARCHIVE.matcher(file);
    return archive.matches() ? Optional.of(archive.group("name")) : Optional.empty();
  }
}
