package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How the fixtures stand.
 *
 * @param current whether those of the spec are in the database since its schema changed last
 * @param job the last Job that put any in; null before the first
 * @param outcome of that Job: Done, or the reason why not
 * @param message what went wrong in it; null when nothing did
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SeedStatus(
    boolean current, @Nullable String job, @Nullable String outcome, @Nullable String message) {}
