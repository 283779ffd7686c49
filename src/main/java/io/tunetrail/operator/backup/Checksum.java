package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Size and SHA-256 of bytes that pass by. */
final class Checksum {
  private final MessageDigest digest;
  private long bytes;

  Checksum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void add(byte[] buffer, int offset, int length) {
    digest.update(buffer, offset, length);
    bytes += length;
  }

  /** Of all that passed; asked once, at the end. */
  Written whole() {
    return new Written(bytes, HexFormat.of().formatHex(digest.digest()));
  }
}
