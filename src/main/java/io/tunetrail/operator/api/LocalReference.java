package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Names an object of the resource's own namespace; another namespace can't be named.
 *
 * @param name of the object
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LocalReference(@Required @Size(min = 1, max = 253) String name) {}
