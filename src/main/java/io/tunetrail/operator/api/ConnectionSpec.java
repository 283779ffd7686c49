package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * How the database is reached. The Secret follows the Service Binding convention (host, port,
 * database, username, password, uri, sslmode); a field given here wins over the Secret's key.
 *
 * @param secretRef the Secret
 * @param port of the server; null: what the Secret says, else 5432
 * @param database name of the database; null: what the Secret says
 * @param host a name or address; a name without a dot means a Service of the resource's namespace
 * @param role SET ROLE before working, so that objects belong to a stable owner
 * @param sslMode verify-full by default in production, prefer elsewhere
 * @param caRef the certificates that sign the server's; without it the system's trust
 * @param clientCertificateRef a Secret of type kubernetes.io/tls, for a server that asks its
 *     clients for a certificate; the password may then be missing
 * @param look Operator (the default): the operator looks at the database itself. Job: its pod can't
 *     reach it, so that each look is a Job of this namespace: after each change of the spec or of
 *     what it names, after each Job, and every 5 minutes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectionSpec(
    @Required LocalReference secretRef,
    @Nullable @Pattern("^[A-Za-z0-9._:-]+$") @Size(min = 1, max = 253) String host,
    @Nullable @Min(1) @Max(65535) Integer port,
    @Nullable @Size(min = 1, max = 63) String database,
    @Nullable @Size(min = 1, max = 63) String role,
    @Nullable SslMode sslMode,
    @Nullable CertificateAuthorityReference caRef,
    @Nullable LocalReference clientCertificateRef,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) LookBy look) {

  /** Looked at by the operator, without a certificate of the client's own. */
  public ConnectionSpec(
      LocalReference secretRef,
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable String role,
      @Nullable SslMode sslMode,
      @Nullable CertificateAuthorityReference caRef) {
    this(secretRef, host, port, database, role, sslMode, caRef, null, null);
  }
}
