package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which backup, by exactly one of these.
 *
 * @param name as status.backup.lastSuccessful.name of the database tells it
 * @param latest the newest of all, or of those that were verified
 * @param before the newest whose snapshot was taken then or earlier, RFC 3339
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "(has(self.name) ? 1 : 0) + (has(self.latest) ? 1 : 0) + (has(self.before) ? 1 : 0) == 1",
    message = "backup has exactly one of name, latest and before")
@ValidationRule(
    value = "!has(self.before) || timestamp(self.before).getFullYear() > 0",
    message = "backup.before is a time such as 2026-11-27T22:00:00Z")
public record RestoreBackupSpec(
    @Nullable @Pattern(NAME) @Size(min = 1, max = 253) String name,
    @Nullable LatestBackup latest,
    @Nullable @Pattern(TIME) @Size(max = 35) String before) {

  /** A file's name without its folder. */
  static final String NAME = "^[A-Za-z0-9][A-Za-z0-9._-]*$";

  private static final String TIME =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$";
}
