package io.tunetrail.operator.database;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.NonValidatingFactory;
import org.postgresql.ssl.WrappedFactory;

/**
 * Connections that trust the certificates of a PEM text and may show one of their own. The driver
 * instantiates it by name, with one text, and checks the host's name itself; its own factory would
 * need all of it as files.
 */
public final class TlsSockets extends WrappedFactory {
  /** In no PEM text. */
  private static final String SEPARATOR = "\0";

  private static final String ANYONE = "anyone";

  /** Throws {@link GeneralSecurityException} where a text holds no certificate, or no key. */
  public TlsSockets(String argument) throws GeneralSecurityException, IOException {
    var parts = argument.split(SEPARATOR, -1);
    var context = SSLContext.getInstance("TLS");
    context.init(
        parts[1].isEmpty() ? new KeyManager[0] : managers(parts[1], parts[2]),
        trust(parts[0]),
        null);
    factory = context.getSocketFactory();
  }

  /**
   * The text for the constructor.
   *
   * @param checked whether the server's certificate is
   * @param caPem that may sign it; null: the system's trust
   */
  static String argument(
      boolean checked, @Nullable String caPem, @Nullable ClientCertificate client) {
    var trusted = checked ? caPem : ANYONE;
    return String.join(
        SEPARATOR,
        trusted == null ? "" : trusted,
        client == null ? "" : client.certificatePem(),
        client == null ? "" : client.keyPem());
  }

  private static KeyManager[] managers(String certificatePem, String keyPem)
      throws GeneralSecurityException {
    return new ClientCertificate(certificatePem, keyPem).keyManagers();
  }

  private static TrustManager @Nullable [] trust(String pem)
      throws GeneralSecurityException, IOException {
    if (pem.isEmpty()) {
      return null;
    }
    if (pem.equals(ANYONE)) {
      return new TrustManager[] {new NonValidatingFactory.NonValidatingTM()};
    }
    return TrustedCertificates.of(pem);
  }
}
