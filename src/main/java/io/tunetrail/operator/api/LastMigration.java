package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The last work a Job did on the database. Times are RFC 3339; versions are null where the database
 * has or had none.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LastMigration(
    String job,
    String outcome,
    @Nullable String from,
    @Nullable String to,
    @Nullable String started,
    @Nullable String finished,
    @Nullable String message,
    @Nullable String approvedBy) {}
