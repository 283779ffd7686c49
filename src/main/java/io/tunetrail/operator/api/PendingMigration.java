package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A migration that would run; a repeatable one has no version.
 *
 * @param version of the engine; null for a repeatable one
 * @param description from the script's name or the revision's message
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PendingMigration(@Nullable String version, String description) {}
