package io.tunetrail.operator.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A backup that the cluster tells of.
 *
 * @param time when it was begun, RFC 3339; null where its name does not say
 * @param size as in 12 MB; null where nobody tells it any more
 * @param migrationVersion that is in it; null where there is none, or nobody tells it any more
 * @param verified Yes, No where a restore of it failed, null where nobody tells
 * @param before what it was made before, as in Job songs-migrate-…; null where it is one of the
 *     schedule's or made by hand
 */
record KnownBackup(
    String name,
    @Nullable String time,
    @Nullable String size,
    @Nullable String migrationVersion,
    @Nullable String verified,
    @Nullable String before) {
  private static final Pattern STAMP = Pattern.compile("-(\\d{8}T\\d{6}Z)(-|$)");
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Of which nothing is known but the name, which has the time. */
  static KnownBackup named(String name) {
    var stamp = STAMP.matcher(name);
    return new KnownBackup(
        name,
        stamp.find() ? FORMAT.parse(stamp.group(1), Instant::from).toString() : null,
        null,
        null,
        null,
        null);
  }

  /** What either tells; this one first. */
  KnownBackup or(KnownBackup other) {
    return new KnownBackup(
        name,
        first(time, other.time),
        first(size, other.size),
        first(migrationVersion, other.migrationVersion),
        first(verified, other.verified),
        first(before, other.before));
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }

  KnownBackup of(@Nullable String itsSize, @Nullable String version) {
    return new KnownBackup(name, time, itsSize, version, verified, before);
  }

  KnownBackup verified(boolean isVerified) {
    return new KnownBackup(name, time, size, migrationVersion, isVerified ? "Yes" : "No", before);
  }

  KnownBackup madeBefore(String work) {
    return new KnownBackup(name, time, size, migrationVersion, verified, work);
  }
}
