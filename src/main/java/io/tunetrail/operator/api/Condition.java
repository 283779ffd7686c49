package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * One condition in the Kubernetes API's convention; {@code status} is True, False or Unknown, the
 * time RFC 3339.
 *
 * @param type what it tells of
 * @param status True, False or Unknown
 * @param reason a constant word: see the table of reasons
 * @param message what happened in this case, then what to do
 * @param lastTransitionTime when status changed last, RFC 3339
 * @param observedGeneration the generation of the spec that it is of
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    String lastTransitionTime,
    long observedGeneration) {}
