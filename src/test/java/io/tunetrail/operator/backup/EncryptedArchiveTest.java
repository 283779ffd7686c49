package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import io.tunetrail.operator.database.Password;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that are encrypted on their way into a store and opened on their way out. */
class EncryptedArchiveTest {
  private static final int CHUNK = 1 << 16;
  private static final BackupKeys ONE = keys();
  private static final BackupKeys OTHER = keys();

  @TempDir Path root = Path.of("");

  private BackupFolder store() {
    return new BackupFolder(root);
  }

  static BackupKeys keys() {
    try {
      var pair = new X25519KeyPairGenerator().generateKeyPair();
      return new BackupKeys(
          "age",
          List.of(pair.getPublic().toString()),
          List.of(
              new Password(new String(pair.getPrivate().getEncoded(), StandardCharsets.US_ASCII))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has X25519", e);
    }
  }

  private static byte[] dump(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** Of which a read gives no more than a few bytes, as of a socket. */
  private static InputStream trickle(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 1000));
      }
    };
  }

  private Manifest stored(byte[] dump, BackupKeys keys) throws Exception {
    store().prepare(Instant.now());
    var written = store().write("one", keys.encrypting(trickle(dump)));
    var manifest =
        new Manifest(
            Manifest.FORMAT,
            "one",
            "music/karaoke",
            "karaoke-backup-1",
            "one.dump",
            "custom",
            "zstd",
            "pg_dump (PostgreSQL) 17.10",
            null,
            List.of(),
            written.bytes(),
            written.sha256(),
            "2026-05-01T12:00:00Z",
            "2026-05-01T12:01:00Z",
            null,
            keys.encryption(),
            null);
    store().publish(manifest);
    return manifest;
  }

  private static byte[] content(StoredArchive archive) throws IOException {
    var content = new ByteArrayOutputStream();
    var buffer = new byte[5000];
    for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
      content.write(buffer, 0, read);
    }
    return content.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 1_000_000})
  void what_comes_out_is_what_went_in(int size) throws Exception {
    var manifest = stored(dump(size), ONE);
    assertThat(store().archive("one"))
        .as("size and SHA-256 are those of what is stored")
        .hasSize(manifest.sizeBytes());
    try (var archive = StoredArchive.open(store(), manifest, ONE)) {
      assertThat(content(archive)).isEqualTo(dump(size));
      assertThat(manifest.isOf(archive.drained())).isTrue();
    }
  }

  @Test
  void what_is_stored_is_of_age_and_holds_nothing_of_the_dump() throws Exception {
    var words = "row after row ".repeat(100).getBytes(StandardCharsets.UTF_8);
    stored(words, ONE);
    assertThat(Files.readString(store().archive("one"), StandardCharsets.ISO_8859_1))
        .startsWith("age-encryption.org/v1\n-> X25519 ")
        .doesNotContain("row after row");
  }

  /** By age 1.1.1, with a key that is good for nothing else. */
  @Test
  void what_the_program_age_encrypted_is_opened() throws Exception {
    var bytes =
        Base64.getDecoder()
            .decode(
                "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBVa09TcFNnNEtwUUdFQ3BETTdKU2JvS2l4"
                    + "UFZUb0VXSjhHekYzRzlwWlJRCm5JOFh3NkZaMmVFOHBVUDVIeW5DU0J3SU9mRXppS3FkbFBNSkNt"
                    + "RE94YjQKLS0tIGF0RWJEb2xGcUNJRCtnTlYzdUJ0RFhnSHUwVVdrRGlBTUFuakphS1BKMG8K3K8R"
                    + "VrkUIsESW7iBNZbTFnM8HMxrKSTiWSO+ovkoMFfQGhAQTTmNSK+9RqTz/TE=");
    var keys =
        new BackupKeys(
            "age",
            List.of("age1tqt8ygjwf3a8t38a6qs0n2vhaj7394zdj8l7qdtxr763clvnh38qeu5pad"),
            List.of(
                new Password(
                    "AGE-SECRET-KEY-17E3YRKKANZHZMQFWHAPE35THR9LLM5CFJHRWJYK2T3LJ3SRT5E5QCFFKAX")));
    var content =
        keys.decrypting(Channels.newChannel(new ByteArrayInputStream(bytes))).readAllBytes();
    assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("PGDMP of a song");
  }

  @Test
  void the_manifest_tells_for_whom_and_nothing_of_who_opens_it() throws Exception {
    var json = stored(dump(10), ONE).toJson();
    assertThat(json).contains(Manifest.Encryption.AGE, ONE.recipients().getFirst());
    assertThat(json).doesNotContain("AGE-SECRET-KEY");
    assertThat(Manifest.parse(json).encryption()).isEqualTo(ONE.encryption());
  }

  @Test
  void each_of_several_recipients_opens_it_and_earlier_identities_may_stay() throws Exception {
    var both =
        new BackupKeys(
            "age", List.of(ONE.recipients().getFirst(), OTHER.recipients().getFirst()), List.of());
    var manifest = stored(dump(CHUNK), both);
    for (var keys : List.of(ONE, OTHER)) {
      StoredArchive.requireOpenable(store(), manifest, keys);
    }
    var rotated =
        new BackupKeys(
            "age",
            OTHER.recipients(),
            List.of(OTHER.identities().getFirst(), ONE.identities().getFirst()));
    StoredArchive.requireOpenable(store(), stored(dump(CHUNK), ONE), rotated);
  }

  private void assertUnfit(Manifest manifest, @Nullable BackupKeys keys, String... words) {
    assertThatThrownBy(() -> StoredArchive.requireOpenable(store(), manifest, keys))
        .isInstanceOf(KeyUnfit.class)
        .satisfies(
            it -> assertThat(it.getMessage()).contains(words).doesNotContain("SECRET-KEY-1Q"));
  }

  @Test
  void a_key_that_is_missing_wrong_or_none_is_named() throws Exception {
    var manifest = stored(dump(CHUNK), ONE);
    var recipient = ONE.recipients().getFirst();
    assertUnfit(manifest, null, recipient, "spec.backup.encryption names no Secret");
    assertUnfit(manifest, OTHER, "identity in Secret age does not open one.dump", recipient);
    assertUnfit(
        manifest, new BackupKeys("age", List.of(), List.of()), "Secret age has no identity");
    assertUnfit(
        manifest,
        new BackupKeys("age", List.of(), List.of(new Password("geheim"))),
        "line that is no secret key of age");
    for (var recipients : List.of(List.<String>of(), List.of("age1x"))) {
      assertThatThrownBy(
              () ->
                  new BackupKeys("age", recipients, List.of())
                      .encrypting(InputStream.nullInputStream()))
          .isInstanceOf(KeyUnfit.class)
          .hasMessageContaining("Secret age");
    }
  }

  @Test
  void a_secret_key_in_the_public_ones_place_is_not_told() {
    var secret = ONE.identities().getFirst().value();
    assertThatThrownBy(
            () ->
                new BackupKeys("age", List.of(secret), List.of())
                    .encrypting(InputStream.nullInputStream()))
        .isInstanceOf(KeyUnfit.class)
        .satisfies(
            it ->
                assertThat(it.getMessage())
                    .contains("no public key of age")
                    .doesNotContain(secret));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30, 120, 200, CHUNK, 2 * CHUNK + 500})
  void fault_36_a_flipped_bit_is_damage_wherever_it_is_and_no_wrong_key(int at) throws Exception {
    var manifest = stored(dump(3 * CHUNK), ONE);
    var bytes = Files.readAllBytes(store().archive("one"));
    bytes[at] ^= 1;
    Files.write(store().archive("one"), bytes);
    try (var archive = StoredArchive.open(store(), manifest, ONE)) {
      assertThat(content(archive)).hasSizeLessThan(3 * CHUNK);
      assertThat(manifest.isOf(archive.drained())).isFalse();
    }
  }

  @Test
  void fault_36_a_cut_file_is_damage() throws Exception {
    var manifest = stored(dump(3 * CHUNK), ONE);
    var bytes = Files.readAllBytes(store().archive("one"));
    for (int size : new int[] {0, 50, 300, CHUNK, bytes.length - 1}) {
      Files.write(store().archive("one"), Arrays.copyOf(bytes, size));
      try (var archive = StoredArchive.open(store(), manifest, ONE)) {
        assertThat(content(archive)).hasSizeLessThan(3 * CHUNK);
        assertThat(manifest.isOf(archive.drained())).isFalse();
      }
    }
  }

  /** The file that age-keygen writes, as a Secret's key. */
  @BeforeEach
  void a_secret() throws IOException {
    Files.writeString(
        root.resolve(BackupKeys.IDENTITY),
        "# created: 2026-05-01T12:00:00Z\n# public key: %s\n%s\n"
            .formatted(ONE.recipients().getFirst(), ONE.identities().getFirst().value()));
    Files.writeString(root.resolve(BackupKeys.RECIPIENT), ONE.recipients().getFirst() + "\n");
  }

  @Test
  void keys_are_read_as_age_keygen_writes_them() {
    var keys = BackupKeys.read(new KeysOrder("age", root.toString()));
    assertThat(keys).isEqualTo(ONE);
    assertThat(keys.redaction().apply("opened by " + ONE.identities().getFirst().value()))
        .isEqualTo("opened by ***");
  }

  @Test
  void a_pod_that_is_given_no_key_reads_none() {
    var nowhere = new KeysOrder("age", root.resolve("absent").toString());
    assertThat(BackupKeys.read(nowhere)).isEqualTo(new BackupKeys("age", List.of(), List.of()));
  }
}
