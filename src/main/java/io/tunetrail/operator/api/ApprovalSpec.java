package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a person approved: a version and, by its digest, what leads there.
 *
 * @param version that the database may be brought to
 * @param comment for those who read it later
 * @param digest status.plan.digest, which migration.approval: Plan needs; status.pendingDigest
 *     under Version, where it may be left out
 * @param undo true: going back to that version is approved, which going forward never implies
 * @param approvedBy who approved; with the policy of deploy/approvals this is always its author
 * @param destructive true: what a plan drops or empties is approved, too
 * @param notBefore from when on it holds, RFC 3339; null: at once
 * @param notAfter until when a Job may be started on it, RFC 3339; null: until it is spent
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "(!has(self.notBefore) || timestamp(self.notBefore).getFullYear() > 0)"
            + " && (!has(self.notAfter) || timestamp(self.notAfter).getFullYear() > 0)",
    message = "approval.notBefore and notAfter are times such as 2026-11-27T22:00:00Z")
@ValidationRule(
    value =
        "!has(self.notBefore) || !has(self.notAfter)"
            + " || timestamp(self.notBefore) < timestamp(self.notAfter)",
    message = "approval.notBefore must be earlier than approval.notAfter")
public record ApprovalSpec(
    @Required @Size(min = 1, max = 100) String version,
    @Nullable @Pattern("^sha256:[0-9a-f]{64}$") @Size(max = 71) String digest,
    @Nullable Boolean undo,
    @Nullable @Size(max = 253) String approvedBy,
    @Nullable @Size(max = 1024) String comment,
    @Nullable Boolean destructive,
    @Nullable @Pattern(TIME) @Size(max = 35) String notBefore,
    @Nullable @Pattern(TIME) @Size(max = 35) String notAfter) {

  /** At once and for ever, of what destroys nothing. */
  public ApprovalSpec(
      String version,
      @Nullable String digest,
      @Nullable Boolean undo,
      @Nullable String approvedBy,
      @Nullable String comment) {
    this(version, digest, undo, approvedBy, comment, null, null, null);
  }

  private static final String TIME =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$";
}
