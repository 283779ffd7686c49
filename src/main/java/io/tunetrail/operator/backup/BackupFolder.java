package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Backups in a folder of a volume. */
record BackupFolder(Path root) implements BackupStore {
  private static final String ARCHIVE = ".dump";
  private static final String MANIFEST = ".json";
  private static final String VERIFIED = ".verified";
  private static final String PARTIAL = ".partial";
  private static final int BUFFER = 1 << 18;

  /** One that is being written is younger, for its file changes all the time. */
  private static final Duration LEFT_BEHIND = Duration.ofHours(1);

  @Override
  public void prepare(Instant now) throws StorageFailed {
    try {
      Files.createDirectories(root);
      for (var file : files()) {
        if (isLeftover(file)
            && Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LEFT_BEHIND))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new StorageFailed(root, e);
    }
  }

  /** Of an archive without a manifest nobody knows what it is; what others put here is theirs. */
  private boolean isLeftover(Path file) {
    var name = file.getFileName().toString();
    return (name.startsWith(".") && name.endsWith(PARTIAL))
        || BackupName.ofArchive(name).filter(it -> !Files.exists(manifest(it))).isPresent();
  }

  Path archive(String name) {
    return root.resolve(name + ARCHIVE);
  }

  private Path manifest(String name) {
    return root.resolve(name + MANIFEST);
  }

  private Path partial(String name) {
    return root.resolve("." + name + ARCHIVE + PARTIAL);
  }

  @Override
  public Written write(String name, InputStream source) throws StorageFailed, IOException {
    var digest = sha256();
    long bytes = 0;
    try (var file = open(partial(name))) {
      var buffer = new byte[BUFFER];
      for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
        digest.update(buffer, 0, read);
        append(file, ByteBuffer.wrap(buffer, 0, read), name);
        bytes += read;
      }
      sync(file, partial(name));
    }
    return new Written(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static FileChannel open(Path file) throws StorageFailed {
    try {
      return FileChannel.open(
          file,
          EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    } catch (IOException e) {
      throw new StorageFailed(file, e);
    }
  }

  private void append(FileChannel file, ByteBuffer bytes, String name) throws StorageFailed {
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new StorageFailed(partial(name), e);
    }
  }

  private static void sync(FileChannel file, Path path) throws StorageFailed {
    try {
      file.force(true);
    } catch (IOException e) {
      throw new StorageFailed(path, e);
    }
  }

  @Override
  public void publish(Manifest manifest) throws StorageFailed {
    var name = manifest.name();
    var partial = root.resolve("." + name + MANIFEST + PARTIAL);
    try {
      writeWhole(partial, manifest.toJson());
      Files.move(partial(name), archive(name), StandardCopyOption.ATOMIC_MOVE);
      Files.move(partial, manifest(name), StandardCopyOption.ATOMIC_MOVE);
      try (var folder = FileChannel.open(root, StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new StorageFailed(root, e);
    }
  }

  /** A node that goes down after the rename leaves no manifest that is empty. */
  private static void writeWhole(Path path, String text) throws IOException {
    Files.writeString(path, text);
    try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }

  @Override
  public void discard(String name) {
    for (var file :
        Set.of(partial(name), root.resolve("." + name + MANIFEST + PARTIAL), unpublished(name))) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The next one finds it too old for one that is being written.
      }
    }
  }

  /** The archive while its manifest is not there yet; else a name that nothing has. */
  private Path unpublished(String name) {
    return Files.exists(manifest(name)) ? partial(name + MANIFEST) : archive(name);
  }

  @Override
  public List<Manifest> manifests() throws StorageFailed {
    var manifests = new ArrayList<Manifest>();
    try {
      for (var file : files()) {
        if (file.toString().endsWith(MANIFEST)) {
          parsed(file).ifPresent(manifests::add);
        }
      }
    } catch (IOException e) {
      throw new StorageFailed(root, e);
    }
    return manifests;
  }

  /** One that can't be read keeps its archive from being removed. */
  private static Optional<Manifest> parsed(Path file) {
    try {
      return Optional.of(Manifest.parse(Files.readString(file)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Kept> kept() throws StorageFailed {
    return manifests().stream()
        .map(it -> new Kept(it.name(), Instant.parse(it.started()), isVerified(it.name())))
        .toList();
  }

  private boolean isVerified(String name) {
    return Files.exists(root.resolve(name + VERIFIED));
  }

  @Override
  public InputStream read(String name) throws StorageFailed {
    try {
      return Files.newInputStream(archive(name));
    } catch (IOException e) {
      throw new StorageFailed(archive(name), e);
    }
  }

  @Override
  public Optional<Path> file(String name) {
    return Optional.of(archive(name));
  }

  @Override
  public void verified(String name, Instant at) throws StorageFailed {
    var file = root.resolve(name + VERIFIED);
    try {
      Files.writeString(file, at + "\n");
    } catch (IOException e) {
      throw new StorageFailed(file, e);
    }
  }

  @Override
  public void remove(Kept backup) throws StorageFailed {
    try {
      Files.deleteIfExists(manifest(backup.name()));
      Files.deleteIfExists(archive(backup.name()));
      Files.deleteIfExists(root.resolve(backup.name() + VERIFIED));
    } catch (IOException e) {
      throw new StorageFailed(root, e);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
