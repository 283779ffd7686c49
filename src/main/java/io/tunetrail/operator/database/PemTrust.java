package io.tunetrail.operator.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.postgresql.ssl.WrappedFactory;

/**
 * Trusts exactly the certificates of a PEM text. The driver instantiates it by name and checks the
 * host's name itself; its own factory would need the certificates as a file.
 */
public final class PemTrust extends WrappedFactory {

  /** Throws {@link GeneralSecurityException} where {@code pem} holds no certificate. */
  public PemTrust(String pem) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    int number = 0;
    for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    factory = context.getSocketFactory();
  }
}
