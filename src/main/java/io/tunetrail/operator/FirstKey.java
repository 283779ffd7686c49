package io.tunetrail.operator;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/**
 * The first key on the curve of every TLS handshake costs about 15 % of the processor time of a
 * runner with nothing to do, for a table that is then kept.
 */
final class FirstKey {
  private FirstKey() {}

  /** Makes one beside what else there is to do before the first handshake. */
  static void prepare() {
    Thread.ofPlatform().daemon().name("first-key").start(FirstKey::generate);
  }

  private static void generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      // A handshake that needs the curve says so itself.
    }
  }
}
