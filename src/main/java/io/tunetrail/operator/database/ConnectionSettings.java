package io.tunetrail.operator.database;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a connection needs; its text holds no secret.
 *
 * @param host a name or an address
 * @param port 1–65535
 * @param caPem the certificates that may sign the server's; null: the system's trust
 * @param role SET ROLE before working; null: the user itself
 * @param password empty where none is given, for a certificate shows who comes
 * @param clientCertificate null: none
 */
public record ConnectionSettings(
    String host,
    int port,
    String database,
    String username,
    Password password,
    SslMode sslMode,
    @Nullable String caPem,
    @Nullable String role,
    @Nullable ClientCertificate clientCertificate) {

  /** Without a certificate of the client's own. */
  public ConnectionSettings(
      String host,
      int port,
      String database,
      String username,
      Password password,
      SslMode sslMode,
      @Nullable String caPem,
      @Nullable String role) {
    this(host, port, database, username, password, sslMode, caPem, role, null);
  }

  /** The same way to another database of the server. */
  public ConnectionSettings withDatabase(String name) {
    return new ConnectionSettings(
        host, port, name, username, password, sslMode, caPem, role, clientCertificate);
  }

  /**
   * The same way for another login, which takes no role.
   *
   * @param secret the keys of the login's Secret, decoded; only username and password count
   */
  public Resolution asLogin(
      LocalReference secretRef, Environment environment, Map<String, String> secret) {
    var way = new ConnectionSpec(secretRef, host, port, database, null, sslMode, null);
    return resolve(way, environment, "", secret, caPem, clientCertificate);
  }

  /** The same as another role. */
  ConnectionSettings withRole(@Nullable String name) {
    return new ConnectionSettings(
        host, port, database, username, password, sslMode, caPem, name, clientCertificate);
  }

  /** The same, by another name or address of the server. */
  public ConnectionSettings withHost(String name) {
    return new ConnectionSettings(
        name, port, database, username, password, sslMode, caPem, role, clientCertificate);
  }

  /** Takes the password out of texts. */
  public Redaction redaction() {
    return Redaction.of(password);
  }

  /** Settings, or why there are none. */
  public sealed interface Resolution {
    record Resolved(ConnectionSettings settings) implements Resolution {}

    /** {@code detail} says what is wrong and never quotes a value of the Secret. */
    record Refused(Reason reason, String detail) implements Resolution {}
  }

  /**
   * Settings from the resource and its Secret: a field of the spec wins over the Secret's key, a
   * key over its {@code uri}, that over the default.
   *
   * @param namespace of the resource; completes a host without a dot; empty: there is none
   * @param secret the Secret's keys, decoded
   * @param caPem what connection.caRef names; null where it names nothing
   * @param certificate what connection.clientCertificateRef names; null where it names nothing
   */
  public static Resolution resolve(
      ConnectionSpec spec,
      Environment environment,
      String namespace,
      Map<String, String> secret,
      @Nullable String caPem,
      @Nullable ClientCertificate certificate) {
    return new ServiceBinding(spec, environment, namespace, secret, caPem, certificate).resolve();
  }
}
