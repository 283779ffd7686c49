package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientCertificateTest {
  /** Made by {@code openssl ecparam -name prime256v1 -genkey -noout} for this test alone. */
  private static final String SEC1 =
      """
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIGo2uJSbMBjLsU8P3FaTf6XDl2b3oi/DD3gB1vmxjw0XoAoGCCqGSM49
      AwEHoUQDQgAE6cuTNtLuczqu4YkLBHa5yegxTYdF/N/v7R9LwfXZeXk1aQj09NFY
      6JHOpKDtFMJhiPkXEoZomRoORJXuSAdC1A==
      -----END EC PRIVATE KEY-----
      """;

  private static final String PUBLIC_OF_SEC1 =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6cuTNtLuczqu4YkLBHa5yegxTYdF"
          + "/N/v7R9LwfXZeXk1aQj09NFY6JHOpKDtFMJhiPkXEoZomRoORJXuSAdC1A==";

  private static final int PKCS1_IN_PKCS8 = 26;

  private final TestDatabase database = TestDatabase.create();
  private final TestPostgres server = database.server();

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
  }

  private static boolean belong(String algorithm, PrivateKey key, PublicKey its)
      throws GeneralSecurityException {
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(new byte[] {1});
    var signed = signature.sign();
    signature.initVerify(its);
    signature.update(new byte[] {1});
    return signature.verify(signed);
  }

  @Test
  void keys_are_read_as_cert_manager_cloudnative_pg_and_openssl_write_them()
      throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var rsa = generator.generateKeyPair();
    var pkcs8 = rsa.getPrivate().getEncoded();
    var pkcs1 = Arrays.copyOfRange(pkcs8, PKCS1_IN_PKCS8, pkcs8.length);
    var ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    var ec =
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(PUBLIC_OF_SEC1)));

    assertThat(PrivateKeyPem.parse(pem("PRIVATE KEY", pkcs8))).isEqualTo(rsa.getPrivate());
    assertThat(PrivateKeyPem.parse(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(rsa.getPrivate());
    assertThat(PrivateKeyPem.parse(pem("PRIVATE KEY", ed25519.getEncoded()))).isEqualTo(ed25519);
    assertThat(belong("SHA256withECDSA", PrivateKeyPem.parse("a comment\n" + SEC1), ec)).isTrue();
  }

  @Test
  void what_is_no_key_is_refused() {
    assertThatThrownBy(() -> PrivateKeyPem.parse(pem("ENCRYPTED PRIVATE KEY", new byte[] {1})))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("there is no private key in PEM that is not encrypted");
    assertThatThrownBy(() -> PrivateKeyPem.parse(pem("EC PRIVATE KEY", new byte[] {0x30, 1})))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> PrivateKeyPem.parse(pem("RSA PRIVATE KEY", new byte[] {0x30, 1})))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> PrivateKeyPem.parse(pem("PRIVATE KEY", new byte[] {0x30, 1})))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private ConnectionSettings settings(
      String user, SslMode mode, @Nullable String caPem, @Nullable ClientCertificate shown) {
    return new ConnectionSettings(
        "localhost",
        server.port(),
        database.name(),
        user,
        new Password(""),
        mode,
        caPem,
        null,
        shown);
  }

  private static String user(ConnectionSettings settings) throws SQLException {
    try (var connection =
            new Session("test", Duration.ofSeconds(10), Duration.ofSeconds(10)).open(settings);
        var query = connection.prepareStatement("SELECT SESSION_USER")) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  private ClientCertificate certified(String role) {
    var shown = server.newCertifiedRole(role);
    return new ClientCertificate(shown.getFirst(), shown.getLast());
  }

  @Test
  void a_role_is_let_in_by_its_certificate_alone() throws SQLException {
    var role = TestPostgres.uniqueName("certified");
    var shown = certified(role);
    var ca = server.caPem();

    assertThat(user(settings(role, SslMode.VERIFY_FULL, ca, shown))).isEqualTo(role);
    assertThat(user(settings(role, SslMode.REQUIRE, null, shown))).isEqualTo(role);
    assertThat(user(settings(role, SslMode.PREFER, ca, shown))).isEqualTo(role);
  }

  @Test
  void nobody_is_let_in_without_a_certificate_or_with_anothers() {
    var role = TestPostgres.uniqueName("certified");
    var other = TestPostgres.uniqueName("certified");
    var ca = server.caPem();
    var _ = certified(role);
    var others = certified(other);

    assertThat(reason(settings(role, SslMode.VERIFY_FULL, ca, null)))
        .isEqualTo(Reason.AUTHENTICATION_FAILED);
    assertThat(reason(settings(role, SslMode.VERIFY_FULL, ca, others)))
        .isEqualTo(Reason.AUTHENTICATION_FAILED);
    assertThat(reason(settings(other, SslMode.VERIFY_FULL, null, others)))
        .as("the server is checked all the same")
        .isEqualTo(Reason.TLS_FAILED);
  }

  private static Reason reason(ConnectionSettings settings) {
    try {
      throw new AssertionError(user(settings) + " was let in");
    } catch (SQLException e) {
      return SqlFailure.of(e, settings).reason();
    }
  }

  private static Resolution resolved(
      @Nullable ClientCertificate certificate, Map<String, String> keys) {
    return ConnectionSettings.resolve(
        new ConnectionSpec(new LocalReference("songs-db"), null, null, null, null, null, null),
        Environment.STAGING,
        "music",
        keys,
        null,
        certificate);
  }

  @Test
  void a_certificate_makes_the_password_optional_and_is_checked_at_once() {
    var keys = Map.of("host", "db.example.org", "database", "songs", "username", "app");
    var role = TestPostgres.uniqueName("certified");
    var shown = certified(role);

    assertThat(resolved(null, keys))
        .isEqualTo(
            new Resolution.Refused(
                Reason.INVALID_CONNECTION,
                "Secret songs-db has no key password, and no uri that gives it"));
    assertThat(resolved(shown, keys))
        .isInstanceOfSatisfying(
            Resolution.Resolved.class,
            it -> {
              assertThat(it.settings().password().value()).isEmpty();
              assertThat(it.settings().clientCertificate()).isEqualTo(shown);
              assertThat(it.settings().toString()).doesNotContain("PRIVATE KEY");
            });
    assertThat(resolved(new ClientCertificate(shown.certificatePem(), "nothing"), keys))
        .isEqualTo(
            new Resolution.Refused(
                Reason.INVALID_CONNECTION,
                "tls.crt and tls.key of connection.clientCertificateRef are no certificate in PEM"
                    + " with its unencrypted key: there is no private key in PEM that is not"
                    + " encrypted"));
    assertThat(resolved(new ClientCertificate("nothing", shown.keyPem()), keys))
        .isInstanceOf(Resolution.Refused.class);
  }
}
