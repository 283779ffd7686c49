package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * One condition in the Kubernetes API's convention; {@code status} is True, False or Unknown, the
 * time RFC 3339.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    String lastTransitionTime,
    long observedGeneration) {}
