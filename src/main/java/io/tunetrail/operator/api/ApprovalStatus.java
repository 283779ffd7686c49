package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of the approval it accepted: {@code key} is the digest of the
 * approval as written, {@code from} the version it started at, {@code spent} that its target was
 * reached, {@code plan} what was approved, where it was a plan that is known.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApprovalStatus(
    String key, @Nullable String from, String version, boolean spent, @Nullable PlanStatus plan) {}
