package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of the difference between a schema and what the last work left matters.
 *
 * @param ignore patterns of schema.object, or schema.object.part, in which * stands for any letters
 *     and ? for one, as in {@code public.events_2*} or {@code *.grant to app}
 * @param accept the status.schemaDigest of a schema that is as it should be, though no migration
 *     made it so; the next work records it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DriftSpec(
    @Nullable @Size(max = 64) List<@Size(min = 1, max = 200) String> ignore,
    @Nullable @Pattern("^sha256:[0-9a-f]{64}$") @Size(max = 71) String accept) {}
