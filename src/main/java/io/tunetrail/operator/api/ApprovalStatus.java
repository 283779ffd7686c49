package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of the approval it accepted.
 *
 * @param key digest of the approval as written
 * @param from the version that it began at; null before the first
 * @param version that it leads to
 * @param spent whether its target was reached
 * @param plan what was approved; null where it was no plan that is known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApprovalStatus(
    String key, @Nullable String from, String version, boolean spent, @Nullable PlanStatus plan) {}
