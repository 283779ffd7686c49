package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names and comments by which one restore's databases are known, also to its next attempt.
 *
 * @param restore what no other restore is called
 */
public record RestoreNames(String restore) {
  /** PostgreSQL would cut what is longer. */
  private static final int LONGEST = 63;

  private static final int HASH = 16;
  private static final String OURS = "Belongs to the TuneTrail database operator: ";
  private static final Pattern SAFETY = Pattern.compile(" Backup (\\S+) holds what it held\\.");
  private static final Pattern BACKUP = Pattern.compile(" of backup (\\S+)\\.");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  /** Under which the database is made; each attempt has the same. */
  public String temporary() {
    var hash = Digest.of(restore).substring("sha256:".length()).substring(0, HASH);
    return "tunetrail_restore_" + hash;
  }

  /** What a database is called that another one took the place of, within 63 bytes. */
  public static String previous(String live, Instant now) {
    var end = "_before_" + STAMP.format(now);
    var name = live;
    while ((name + end).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name + end;
  }

  String making() {
    return OURS + "restore " + restore + ". Nobody needs it once that has ended.";
  }

  String swapping() {
    return OURS + "restore " + restore + " is about to put it in the place of the live one.";
  }

  /**
   * Whether a database of our temporary name is this restore's; it may have ended before it said
   * so.
   */
  boolean isOurs(@Nullable String comment) {
    return comment == null || comment.equals(making()) || comment.equals(swapping());
  }

  /** Of a database that the restore made new. */
  public String made(String backup) {
    return made() + " of backup " + backup + ".";
  }

  /** How {@link #made(String)} begins. */
  String made() {
    return "Made by the TuneTrail database operator: restore " + restore;
  }

  /** Of a database that the restore took the place of. */
  public String replaced(String backup, @Nullable String safetyBackup) {
    return replaced()
        + " of backup "
        + backup
        + "."
        + (safetyBackup == null ? "" : " Backup " + safetyBackup + " holds what it held.")
        + " Drop it once nobody needs it.";
  }

  /** How {@link #replaced(String, String)} begins. */
  String replaced() {
    return OURS + "restore " + restore + " put what is now in its place,";
  }

  /** The backup that a comment names. */
  public static Optional<String> backup(String comment) {
    return named(BACKUP, comment);
  }

  /** The backup of what was there before, that a comment names. */
  public static Optional<String> safetyBackup(String comment) {
    return named(SAFETY, comment);
  }

  private static Optional<String> named(Pattern pattern, String comment) {
    var matcher = pattern.matcher(comment);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
