package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Names one key of an object of the resource's own namespace.
 *
 * @param name of the object
 * @param key in the object
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record KeyReference(
    @Required @Size(min = 1, max = 253) String name,
    @Default("ca.crt") @Size(min = 1, max = 253) String key) {}
