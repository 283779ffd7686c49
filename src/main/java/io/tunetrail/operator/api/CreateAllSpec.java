package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What creates all that is missing, and may run any number of times: exactly one of the two.
 *
 * @param configMaps idempotent SQL: files of the ConfigMaps in order, by name within each
 * @param program the application's own, such as SQLAlchemy's create_all
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreateAllSpec(
    @Nullable @Size(min = 1, max = 20) List<LocalReference> configMaps,
    @Nullable ProgramSpec program) {}
