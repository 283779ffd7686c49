package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/** Where the certificates stand that sign the server's: exactly one of the two. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CertificateAuthorityReference(
    @Nullable KeyReference configMap, @Nullable KeyReference secret) {}
