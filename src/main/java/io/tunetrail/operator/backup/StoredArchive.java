package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An archive on its way out of its store: what it holds, and what its stored bytes were. */
final class StoredArchive implements AutoCloseable {
  private static final int BUFFER = 1 << 18;

  private final Counted stored;
  private final InputStream content;
  private final Optional<Path> file;
  private final boolean folder;
  private @Nullable Written whole;

  private StoredArchive(Counted stored, InputStream content, Optional<Path> file) {
    this(stored, content, file, false);
  }

  private StoredArchive(Counted stored, InputStream content, Optional<Path> file, boolean folder) {
    this.stored = stored;
    this.content = content;
    this.file = file;
    this.folder = folder;
  }

  /** One that is as pg_dump wrote it. */
  static StoredArchive plain(InputStream stored, Optional<Path> file) {
    var counted = new Counted(stored);
    return new StoredArchive(counted, counted.stream(), file);
  }

  /**
   * The one of a manifest, which says whether it is encrypted. A damaged one holds nothing.
   *
   * @param keys null where the pod has none
   * @throws KeyUnfit where it is whole and the keys don't open it
   */
  static StoredArchive open(BackupStore store, Manifest manifest, @Nullable BackupKeys keys)
      throws StorageFailed, KeyUnfit, IOException {
    var encryption = manifest.encryption();
    if (encryption == null) {
      return plain(store.read(manifest.name()), store.file(manifest.name()));
    }
    if (keys == null) {
      throw new KeyUnfit(
          "%s is encrypted for %s, and spec.backup.encryption names no Secret with its identity"
              .formatted(manifest.archive(), encryption.named()));
    }
    keys.requireIdentities();
    return decrypted(store, manifest, encryption, keys);
  }

  private static StoredArchive decrypted(
      BackupStore store, Manifest manifest, Manifest.Encryption encryption, BackupKeys keys)
      throws StorageFailed, KeyUnfit, IOException {
    var counted = new Counted(store.read(manifest.name()));
    try {
      return new StoredArchive(counted, keys.decrypting(counted), Optional.empty());
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      counted.requireReadable();
    }
    var archive = new StoredArchive(counted, InputStream.nullInputStream(), Optional.empty());
    if (manifest.isOf(archive.drained())) {
      archive.close();
      throw new KeyUnfit(
          "the identity in Secret %s does not open %s, which is encrypted for %s"
              .formatted(keys.secret(), manifest.archive(), encryption.named()));
    }
    return archive;
  }

  /**
   * The same of a tar, as a folder that has its files; one that is damaged has none.
   *
   * @param packed read to its end
   * @param directory made here
   * @throws IOException where the store does not give more of it, or there is no room for it
   */
  static StoredArchive unpacked(StoredArchive packed, Path directory, Manifest manifest)
      throws IOException {
    try {
      PackedDirectory.unpack(packed.content, directory);
    } catch (IOException e) {
      throw new IOException("it can't be unpacked: " + e.getMessage(), e);
    }
    packed.stored.requireReadable();
    var whole = packed.drained();
    if (!manifest.isOf(whole)) {
      PackedDirectory.delete(directory);
    }
    return ofFolder(directory, whole);
  }

  /** One that was unpacked before. */
  static StoredArchive ofFolder(Path directory, Written whole) {
    var nothing = InputStream.nullInputStream();
    var archive = new StoredArchive(new Counted(nothing), nothing, Optional.of(directory), true);
    archive.whole = whole;
    return archive;
  }

  /** Whether the keys open it, without reading more of it than that takes. */
  static void requireOpenable(BackupStore store, Manifest manifest, @Nullable BackupKeys keys)
      throws StorageFailed, KeyUnfit, IOException {
    if (manifest.encryption() != null) {
      open(store, manifest, keys).close();
    }
  }

  /** Where what it holds can be read out of turn; empty where it is a stream. */
  Optional<Path> file() {
    return file;
  }

  /** Whether that is a folder, of which nothing can be read as a stream. */
  boolean isFolder() {
    return folder;
  }

  /**
   * Reads of what it holds; -1 at its end, and where it is damaged from there on.
   *
   * @throws IOException where the store does not give more of it
   */
  int read(byte[] buffer) throws IOException {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      stored.requireReadable();
      return -1;
    }
  }

  /** All that was stored, read to its end: nothing can be read after it. */
  Written drained() throws IOException {
    if (whole == null) {
      var buffer = ByteBuffer.allocate(BUFFER);
      while (stored.read(buffer.clear()) >= 0) {
        // Only its checksum matters.
      }
      whole = stored.checksum.whole();
    }
    return whole;
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }

  /** The stored bytes, counted as they pass. */
  private static final class Counted implements ReadableByteChannel {
    private final InputStream source;
    private final Checksum checksum = new Checksum();
    private @Nullable IOException failure;
    private boolean open = true;

    Counted(InputStream source) {
      this.source = source;
    }

    /** Fills it, for who decrypts does so a chunk at a time. */
    @Override
    public int read(ByteBuffer target) throws IOException {
      int before = target.position();
      int read = 0;
      while (target.hasRemaining() && read >= 0) {
        int at = target.position();
        read = read(target.array(), target.arrayOffset() + at, target.remaining());
        target.position(at + Math.max(read, 0));
      }
      int filled = target.position() - before;
      return filled == 0 ? read : filled;
    }

    private int read(byte[] target, int offset, int length) throws IOException {
      try {
        int read = source.read(target, offset, length);
        if (read > 0) {
          checksum.add(target, offset, read);
        }
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    /** A store that gives no more is none that has a damaged archive. */
    void requireReadable() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    InputStream stream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          var one = new byte[1];
          return Counted.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          return Counted.this.read(target, offset, length);
        }
      };
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      source.close();
    }
  }
}
