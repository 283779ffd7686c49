package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where one resource's backups lie: {@code NAME.dump} and its manifest {@code NAME.json}, which
 * comes last and goes first, so that what has one is whole. {@code NAME.verified} says that it was
 * restored.
 */
interface BackupStore {

  /** An archive that was written whole. */
  record Written(long bytes, String sha256) {}

  /** Makes the place where there is none, and removes what pods left that were killed. */
  void prepare(Instant now) throws StorageFailed;

  /**
   * Writes an archive under a temporary name and answers what it is.
   *
   * @throws StorageFailed where the place would not have it
   * @throws IOException where the source ended in a failure
   */
  Written write(String name, InputStream source) throws StorageFailed, IOException;

  /** From now on it is a backup. */
  void publish(Manifest manifest) throws StorageFailed;

  /** Leaves nothing of one that did not become a backup. */
  void discard(String name);

  /** The manifests of all that are whole, in no order; those that can't be read are left out. */
  List<Manifest> manifests() throws StorageFailed;

  /** The same, as the retention sees them. */
  List<Kept> kept() throws StorageFailed;

  /**
   * The bytes of an archive; the caller closes them.
   *
   * @throws StorageFailed where it is not there or can't be opened
   */
  InputStream read(String name) throws StorageFailed;

  /** Where an archive lies that programs can read by themselves; empty where that is no file. */
  Optional<Path> file(String name);

  /** Notes that a backup was restored. */
  void verified(String name, Instant at) throws StorageFailed;

  void remove(Kept backup) throws StorageFailed;
}
