package io.tunetrail.operator.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 over a sequence of texts, each preceded by its length so that no two sequences read
 * alike.
 */
public final class Digest {
  private final MessageDigest sha256;

  public Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Digest of the texts in their order; null differs from every text. */
  public static String of(@Nullable String... texts) {
    var digest = new Digest();
    for (var text : texts) {
      digest.add(text);
    }
    return digest.toString();
  }

  /** Digest of the bytes alone, as other programs make it. */
  static String ofBytes(byte[] bytes) {
    var digest = new Digest();
    digest.sha256.update(bytes);
    return digest.toString();
  }

  public Digest add(@Nullable String text) {
    if (text == null) {
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(-1).array());
      return this;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha256.update(bytes);
    return this;
  }

  /** {@code sha256:} and 64 hexadecimal digits; ends the digest. */
  @Override
  public String toString() {
    return "sha256:" + HexFormat.of().formatHex(sha256.digest());
  }
}
