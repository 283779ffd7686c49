package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Idempotent SQL that creates what is missing: files of the ConfigMaps in order, by name within
 * each.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreateAllSpec(@Required @Size(min = 1, max = 20) List<LocalReference> configMaps) {}
