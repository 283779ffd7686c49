package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a person approved: a version and, by its digest, what leads there.
 *
 * @param digest status.plan.digest, which migration.approval: Plan needs; status.pendingDigest
 *     under Version, where it may be left out
 * @param undo true: going back to that version is approved, which going forward never implies
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ApprovalSpec(
    @Required @Size(min = 1, max = 100) String version,
    @Nullable @Pattern("^sha256:[0-9a-f]{64}$") @Size(max = 71) String digest,
    @Nullable Boolean undo,
    @Nullable @Size(max = 253) String approvedBy,
    @Nullable @Size(max = 1024) String comment) {}
