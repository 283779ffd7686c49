package io.tunetrail.operator.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** The files of a folder as one tar, which is read as it is made. */
final class PackedDirectory extends ProducedStream {
  private static final int BUFFER = 1 << 18;

  private final Deque<Path> files;
  private final TarArchiveOutputStream tar;
  private final byte[] piece = new byte[BUFFER];
  private @Nullable InputStream file;

  private PackedDirectory(List<Path> files) {
    this.files = new ArrayDeque<>(files);
    this.tar = new TarArchiveOutputStream(sink());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /**
   * Its files, of which it has no folders, by their names.
   *
   * @throws IOException where it can't be read, as do later reads
   */
  static InputStream pack(Path directory) throws IOException {
    return new PackedDirectory(files(directory));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Override
  boolean produce() throws IOException {
    if (file == null && files.isEmpty()) {
      tar.close();
      return false;
    }
    if (file == null) {
      file = begun(files.remove());
    }
    int read = file.read(piece);
    if (read >= 0) {
      tar.write(piece, 0, read);
    } else {
      tar.closeArchiveEntry();
      file.close();
      file = null;
    }
    return true;
  }

  /** By whole seconds, for a fraction would take a header of its own. */
  private InputStream begun(Path path) throws IOException {
    var entry = new TarArchiveEntry(path.getFileName().toString());
    entry.setSize(Files.size(path));
    entry.setModTime(Files.getLastModifiedTime(path).to(TimeUnit.SECONDS) * 1000);
    tar.putArchiveEntry(entry);
    return Files.newInputStream(path);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /**
   * Brings the files back; of a damaged tar those before the damage.
   *
   * @param directory made here
   * @throws IOException where it does not take them
   */
  static void unpack(InputStream packed, Path directory) throws IOException {
    Files.createDirectories(directory);
    var tar = new TarArchiveInputStream(packed);
    try {
      for (var entry = next(tar); entry != null; entry = next(tar)) {
        try (var file = Files.newOutputStream(directory.resolve(fileName(entry)))) {
          copy(tar, file);
        }
      }
    } catch (Damage e) {
      // Its checksum tells.
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws Damage {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      throw new Damage(e);
    }
  }

  /** None that leads out of the folder. */
  private static Path fileName(TarArchiveEntry entry) throws Damage {
    var name = Path.of(entry.getName()).getFileName();
    if (name == null) {
      throw new Damage(null);
    }
    return name;
  }

  private static void copy(TarArchiveInputStream tar, OutputStream file)
      throws Damage, IOException {
    var buffer = new byte[BUFFER];
    for (int read = read(tar, buffer); read >= 0; read = read(tar, buffer)) {
      file.write(buffer, 0, read);
    }
  }

  private static int read(TarArchiveInputStream tar, byte[] buffer) throws Damage {
    try {
      return tar.read(buffer);
    } catch (IOException e) {
      throw new Damage(e);
    }
  }

  /** Of the tar, and not of the folder that it goes to. */
  private static final class Damage extends Exception {
    Damage(@Nullable Exception cause) {
      super(cause);
    }
  }

  /** Removes it and its files, where it is there. */
  static void delete(Path directory) throws IOException {
    try {
      for (var file : files(directory)) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (NoSuchFileException e) {
      // It was never made.
    }
  }
}
