package io.tunetrail.operator.database;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Private keys in the PEM forms that cert-manager, CloudNativePG and openssl write: PKCS#8 (RFC
 * 5958), PKCS#1 (RFC 8017) and SEC 1 (RFC 5915). The JDK reads only the first, which the others are
 * wrapped into.
 */
final class PrivateKeyPem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |)PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final byte[] VERSION = HexFormat.of().parseHex("020100");

  /** rsaEncryption, without parameters. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** id-ecPublicKey. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xa0;

  private PrivateKeyPem() {}

  /** Throws {@link GeneralSecurityException} for anything else, encrypted keys among it. */
  static PrivateKey parse(String pem) throws GeneralSecurityException {
    var block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeySpecException("there is no private key in PEM that is not encrypted");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    return switch (block.group(1)) {
      case "RSA PRIVATE KEY" -> key("RSA", wrapped(RSA, der));
      case "EC PRIVATE KEY" -> key("EC", wrapped(element(SEQUENCE, EC, curve(der)), der));
      default -> pkcs8(der);
    };
  }

  private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return key(algorithm, der);
      } catch (InvalidKeySpecException e) {
        // It says which algorithm it is for, but the JDK tells only by refusing the others.
      }
    }
    throw new InvalidKeySpecException("the private key is neither RSA nor EC nor EdDSA");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION, algorithm, element(OCTETS, key));
  }

  /** The curve's name, which SEC 1 keeps behind the version and the number. */
  private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
    int position = contentOf(sec1, 0);
    while (position < sec1.length) {
      int content = contentOf(sec1, position);
      int end = content + lengthOf(sec1, position);
      if ((sec1[position] & 0xff) == CURVE && end <= sec1.length) {
        return Arrays.copyOfRange(sec1, content, end);
      }
      position = end;
    }
    throw new InvalidKeySpecException("the EC private key does not name its curve");
  }

  private static int contentOf(byte[] der, int position) throws InvalidKeySpecException {
    int first = byteAt(der, position + 1);
    return position + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int lengthOf(byte[] der, int position) throws InvalidKeySpecException {
    int first = byteAt(der, position + 1);
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int at = position + 2; at < contentOf(der, position); at++) {
      length = length << 8 | byteAt(der, at);
    }
    return length;
  }

  private static int byteAt(byte[] der, int position) throws InvalidKeySpecException {
    if (position >= der.length) {
      throw new InvalidKeySpecException("the private key is cut short");
    }
    return der[position] & 0xff;
  }

  /** One element of DER. */
  private static byte[] element(int tag, byte[]... contents) {
    var content = new ByteArrayOutputStream();
    for (var part : contents) {
      content.writeBytes(part);
    }
    var element = new ByteArrayOutputStream();
    element.write(tag);
    int length = content.size();
    if (length >= 0x100) {
      element.write(0x82);
      element.write(length >> 8);
    } else if (length >= 0x80) {
      element.write(0x81);
    }
    element.write(length);
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }
}
