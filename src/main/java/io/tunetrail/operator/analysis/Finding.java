package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a statement.
 *
 * @param rule squawk's name, or one of this package's own: see {@link Findings}
 * @param message what happens, for the person who approves
 * @param saferWay what to write instead; null where nothing else does the same
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(String rule, Level level, String message, @Nullable String saferWay) {}
