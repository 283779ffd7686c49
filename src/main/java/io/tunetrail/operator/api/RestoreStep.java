package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A part of a restore and how long it took; times are RFC 3339.
 *
 * @param name of the part
 * @param started when it began
 * @param finished when it ended
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RestoreStep(String name, String started, String finished) {}
