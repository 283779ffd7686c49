package io.tunetrail.operator.backup;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.database.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a Secret by which archives are encrypted and opened, as age has them.
 *
 * @param secret its name
 * @param recipients public keys; each of their owners can open what is encrypted
 * @param identities secret keys, of which one that fits is enough
 */
record BackupKeys(String secret, List<String> recipients, List<Password> identities) {
  /** The Secret's keys. */
  static final String RECIPIENT = "recipient";

  static final String IDENTITY = "identity";

  static BackupKeys read(KeysOrder order) {
    var folder = Path.of(order.folder());
    return new BackupKeys(
        order.secret(),
        lines(folder.resolve(RECIPIENT)),
        lines(folder.resolve(IDENTITY)).stream().map(Password::new).toList());
  }

  /** As age reads them: a key a line, between comments; none where there is no such file. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
          .map(String::strip)
          .filter(it -> !it.isEmpty() && !it.startsWith("#"))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  Redaction redaction() {
    return Redaction.of(identities.toArray(Password[]::new));
  }

  /** What whoever reads the archive needs to know. */
  Manifest.Encryption encryption() {
    return new Manifest.Encryption(Manifest.Encryption.AGE, recipients);
  }

  /** The encrypted bytes of what a stream gives, made as they are read. */
  InputStream encrypting(InputStream plain) throws KeyUnfit, IOException {
    var writers = new ArrayList<RecipientStanzaWriter>();
    for (var recipient : recipients) {
      writers.add(writer(recipient));
    }
    if (writers.isEmpty()) {
      throw new KeyUnfit(
          "Secret %s has no %s, the public key that backups are encrypted for: a line that begins with age1"
              .formatted(secret, RECIPIENT));
    }
    try {
      return new EncryptingStream(
          plain,
          sink -> new StandardEncryptingChannelFactory().newEncryptingChannel(sink, writers));
    } catch (GeneralSecurityException e) {
      throw new KeyUnfit(
          "%s of Secret %s can't be used: %s".formatted(RECIPIENT, secret, e.getMessage()));
    }
  }

  /** The line is not told, for it may be a secret key in the wrong place. */
  private RecipientStanzaWriter writer(String recipient) throws KeyUnfit {
    try {
      return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new KeyUnfit(
          "%s of Secret %s has a line that is no public key of age, which begins with age1"
              .formatted(RECIPIENT, secret));
    }
  }

  /** Fails where no identity is there that could open anything. */
  void requireIdentities() throws KeyUnfit {
    readers();
  }

  private List<RecipientStanzaReader> readers() throws KeyUnfit {
    var readers = new ArrayList<RecipientStanzaReader>();
    for (var identity : identities) {
      try {
        readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.value()));
      } catch (GeneralSecurityException | RuntimeException e) {
        throw new KeyUnfit(
            "%s of Secret %s has a line that is no secret key of age".formatted(IDENTITY, secret));
      }
    }
    if (readers.isEmpty()) {
      throw new KeyUnfit(
          "Secret %s has no %s, the secret key that opens backups: a line that begins with AGE-SECRET-KEY-1"
              .formatted(secret, IDENTITY));
    }
    return readers;
  }

  /**
   * What the archive's bytes hold.
   *
   * @throws GeneralSecurityException where no identity opens it
   * @throws IOException where its beginning is none of an archive's
   */
  InputStream decrypting(ReadableByteChannel stored)
      throws KeyUnfit, GeneralSecurityException, IOException {
    return Channels.newInputStream(
        new StandardDecryptingChannelFactory().newDecryptingChannel(stored, readers()));
  }
}
