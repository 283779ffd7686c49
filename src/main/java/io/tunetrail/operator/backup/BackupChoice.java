package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of the backups is restored: that of a name, or else the newest that fits.
 *
 * @param name null: by what follows
 * @param verified whether only those will do that were restored once
 * @param before RFC 3339: the newest that shows this moment or an earlier one; null: the newest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupChoice(@Nullable String name, boolean verified, @Nullable String before) {
  private static final int SHOWN = 10;

  /** The end of the names of those that restores make of what they replace. */
  public static final String SAFETY = "-safety";

  public BackupChoice {
    if (before != null) {
      var _ = Instant.parse(before);
    }
  }

  public static BackupChoice named(String name) {
    return new BackupChoice(name, false, null);
  }

  /** The newest, of all or of those that were verified. */
  public static BackupChoice latest(boolean verified) {
    return new BackupChoice(null, verified, null);
  }

  /** The nearest at or before a moment. */
  public static BackupChoice before(Instant moment) {
    return new BackupChoice(null, false, moment.toString());
  }

  /**
   * The one of these; empty where none fits. What a restore put aside is only chosen by its name,
   * or the next attempt would put back what the first one was to replace.
   */
  public Optional<Kept> of(List<Kept> backups) {
    if (name != null) {
      return backups.stream().filter(it -> it.name().equals(name)).findFirst();
    }
    return backups.stream()
        .filter(it -> !it.name().endsWith(SAFETY))
        .filter(it -> it.verified() || !verified)
        .filter(it -> before == null || !it.at().isAfter(Instant.parse(before)))
        .max(Comparator.comparing(Kept::at));
  }

  /** Why none of these was chosen, with the newest of what there is. */
  String refusal(List<Kept> backups, String location) {
    return "%s has no backup %s; it has %s".formatted(location, wanted(), list(backups));
  }

  private String wanted() {
    if (name != null) {
      return "called " + name;
    }
    var kind = verified ? "that was verified" : "that is whole";
    return before == null ? kind : kind + " and shows " + before + " or an earlier moment";
  }

  private static String list(List<Kept> backups) {
    if (backups.isEmpty()) {
      return "none at all";
    }
    var names =
        backups.stream()
            .sorted(Comparator.comparing(Kept::at).reversed())
            .limit(SHOWN)
            .map(it -> it.verified() ? it.name() + " (verified)" : it.name())
            .collect(Collectors.joining(", "));
    int more = backups.size() - SHOWN;
    return more > 0 ? names + " and %d older".formatted(more) : names;
  }
}
