package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;

/** A server on which databases may be made and dropped; its database is only where one logs in. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ScratchSpec(@Required ConnectionSpec connection) {}
