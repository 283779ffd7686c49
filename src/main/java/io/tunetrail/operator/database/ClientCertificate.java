package io.tunetrail.operator.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * What a client shows a server that asks for a certificate; its text holds no secret.
 *
 * @param certificatePem the client's certificate first, then those between it and the authority
 * @param keyPem its private key, not encrypted: PKCS#8, PKCS#1 or SEC 1
 */
public record ClientCertificate(String certificatePem, String keyPem) {
  /** The keys of a Secret of type kubernetes.io/tls, which are also the names of files. */
  public static final String CERTIFICATE = "tls.crt";

  public static final String KEY = "tls.key";

  /** Throws {@link GeneralSecurityException} where the texts are no certificate with its key. */
  KeyManager[] keyManagers() throws GeneralSecurityException {
    var chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.UTF_8)))
            .toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new CertificateException("there is no certificate");
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty store is read from nowhere", e);
    }
    store.setKeyEntry("client", PrivateKeyPem.parse(keyPem), new char[0], chain);
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    return managers.getKeyManagers();
  }

  @Override
  public String toString() {
    return "a certificate and its key";
  }
}
