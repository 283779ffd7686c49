package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What a backup's report says besides how it ended.
 *
 * @param location claim, folder and file
 * @param sha256 of the archive
 * @param removed backups that the retention no longer wants, at most {@value #REMOVED_SHOWN}
 * @param removedCount all of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupReport(
    String name,
    String location,
    long sizeBytes,
    String sha256,
    List<String> removed,
    int removedCount) {

  /** A termination message has room for so many names. */
  static final int REMOVED_SHOWN = 8;

  /** The same, with what was removed after it. */
  BackupReport removing(List<String> names) {
    return new BackupReport(
        name,
        location,
        sizeBytes,
        sha256,
        names.stream().limit(REMOVED_SHOWN).toList(),
        names.size());
  }
}
