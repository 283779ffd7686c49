package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fixtures for development and staging, put in once the schema is current and again whenever they
 * change; they may run any number of times. Exactly one of the two.
 *
 * @param configMaps idempotent SQL: files of the ConfigMaps in order, by name within each
 * @param program the application's own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SeedSpec(
    @Nullable @Size(min = 1, max = 20) List<LocalReference> configMaps,
    @Nullable ProgramSpec program) {}
