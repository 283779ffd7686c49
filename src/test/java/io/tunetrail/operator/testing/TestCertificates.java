package io.tunetrail.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority made on the spot and the certificates that it signs, by the JDK's own
 * keytool.
 */
final class TestCertificates {
  private static final String STORE_PASSWORD = "throwaway";

  private final Path directory;
  private final KeyStore store;

  private TestCertificates(Path directory, KeyStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** Certificates whose server is {@code localhost} by name, and no address. */
  static TestCertificates forLocalhost(Path directory) {
    var file = directory.resolve("certificates.p12");
    generate(
        file, "ca", "CN=Test CA", "-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign");
    generate(file, "server", "CN=localhost", "-signer", "ca", "-ext", "san=dns:localhost");
    return new TestCertificates(directory, read(file));
  }

  private static KeyStore read(Path file) {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, STORE_PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("keytool's store can't be read", e);
    }
  }

  String caPem() {
    return certificatePem("ca");
  }

  /** The server's certificate as a file that PostgreSQL reads. */
  Path serverCertificate() {
    return write("server.crt", certificatePem("server"));
  }

  /** The server's key as a file that PostgreSQL accepts: readable by its owner alone. */
  Path serverKey() {
    try {
      var key = store.getKey("server", STORE_PASSWORD.toCharArray());
      var file = write("server.key", pem("PRIVATE KEY", key.getEncoded()));
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the store has no key of the server", e);
    }
  }

  /** Signs a certificate for a role; the answer is the certificate and its key, each in PEM. */
  List<String> forRole(String role) {
    var file = directory.resolve("certificates.p12");
    generate(file, role, "CN=" + role, "-signer", "ca");
    try {
      var signed = read(file);
      return List.of(
          pem("CERTIFICATE", signed.getCertificate(role).getEncoded()),
          pem("PRIVATE KEY", signed.getKey(role, STORE_PASSWORD.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the store has no certificate of " + role, e);
    }
  }

  /** The authority's certificate as a file that PostgreSQL reads. */
  Path authority() {
    return write("ca.crt", caPem());
  }

  private String certificatePem(String alias) {
    try {
      return pem("CERTIFICATE", store.getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the store has no certificate " + alias, e);
    }
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }

  private static void generate(Path store, String alias, String name, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD));
    command.addAll(List.of(more));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    }
  }
}
