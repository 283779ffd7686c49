package io.tunetrail.operator.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of a PEM text and in no other. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /** Throws {@link GeneralSecurityException} where the text holds no certificate. */
  public static TrustManager[] of(String pem) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    int number = 0;
    for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
  }
}
