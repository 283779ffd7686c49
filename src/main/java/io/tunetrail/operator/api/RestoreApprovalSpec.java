package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a person approved: that this backup takes the live database's place.
 *
 * @param comment for those who read it later
 * @param backup its name, also where the spec asks for the latest or for one before a time
 * @param approvedBy who approved; with the policy of deploy/approvals this is always its author
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreApprovalSpec(
    @Required @Pattern(RestoreBackupSpec.NAME) @Size(min = 1, max = 253) String backup,
    @Nullable @Size(max = 253) String approvedBy,
    @Nullable @Size(max = 1024) String comment) {}
