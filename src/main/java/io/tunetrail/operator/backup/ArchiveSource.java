package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One backup's archive for who restores it, as often as it is asked for. */
final class ArchiveSource {
  private final BackupStore store;
  private final Manifest manifest;
  private final @Nullable BackupKeys keys;
  private final Path directory;
  private @Nullable Written unpacked;

  /**
   * The archive of a manifest.
   *
   * @param keys that open it; null: there are none
   * @param workspace a folder with room for one that is no stream
   */
  ArchiveSource(BackupStore store, Manifest manifest, @Nullable BackupKeys keys, Path workspace) {
    this.store = store;
    this.manifest = manifest;
    this.keys = keys;
    this.directory = workspace.resolve(manifest.name());
  }

  Manifest manifest() {
    return manifest;
  }

  /** The archive from its beginning; one of several files is fetched the first time. */
  StoredArchive open() throws StorageFailed, KeyUnfit, IOException {
    if (unpacked != null) {
      return StoredArchive.ofFolder(directory, unpacked);
    }
    var archive = StoredArchive.open(store, manifest, keys);
    if (!manifest.isDirectory()) {
      return archive;
    }
    try (archive) {
      var folder = StoredArchive.unpacked(archive, directory, manifest);
      unpacked = folder.drained();
      return folder;
    }
  }
}
