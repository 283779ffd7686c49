package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** In the live database's place; there is nothing more to say of it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InPlaceSpec() {}
