package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody else than a work changed, against what the last work left. Of the names at most ten
 * are listed; {@code count} counts all.
 *
 * @param count how many differences there are
 * @param fingerprint of the schema as the last work left it, what is ignored left out
 * @param recordedAt when that was, RFC 3339
 * @param added as in {@code table public.songs: column born}
 * @param removed likewise
 * @param changed likewise, with what is otherwise where that is short
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DriftStatus(
    String fingerprint,
    @Nullable String recordedAt,
    int count,
    @Nullable List<String> added,
    @Nullable List<String> removed,
    @Nullable List<String> changed) {}
