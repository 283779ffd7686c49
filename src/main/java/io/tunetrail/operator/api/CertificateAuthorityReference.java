package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificates stand that sign the server's: exactly one of the two.
 *
 * @param configMap that holds them, in PEM
 * @param secret that holds them, in PEM
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CertificateAuthorityReference(
    @Nullable KeyReference configMap, @Nullable KeyReference secret) {}
