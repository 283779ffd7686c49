package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Who may make and rename databases. Server, TLS and authorities are those of the database's own
 * connection.
 *
 * @param secretRef a Secret by the Service Binding convention, of which username and password count
 *     and the database to log in to, which must not be the live one
 * @param role SET ROLE before working
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreAdminSpec(
    @Required LocalReference secretRef, @Nullable @Size(min = 1, max = 63) String role) {}
