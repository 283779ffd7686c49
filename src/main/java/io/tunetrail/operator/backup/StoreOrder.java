package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.database.Redaction;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The place of a resource's backups, as a pod is told it: a folder or the keys of a bucket.
 *
 * @param location as people name it
 * @param folder as the pod sees it; null: it is a bucket
 * @param s3 null: it is a folder
 * @param keys of archives that are encrypted; null: none is to be
 * @param parallel how archives are dumped; null: each by one session, as a stream
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreOrder(
    String location,
    @Nullable String folder,
    @Nullable S3Order s3,
    @Nullable KeysOrder keys,
    @Nullable ParallelOrder parallel) {
  private static final Path TEMPORARY = Path.of("/tmp");

  /** A folder. */
  StoreOrder(String location, String folder) {
    this(location, folder, null, null, null);
  }

  /** The same place, with what its archives are made by. */
  StoreOrder with(@Nullable KeysOrder keysOrder, @Nullable ParallelOrder parallelOrder) {
    return new StoreOrder(location, folder, s3, keysOrder, parallelOrder);
  }

  /** Sessions of pg_dump at once. */
  int jobs() {
    return parallel == null ? 1 : parallel.jobs();
  }

  /** Where there is room for an archive that is no stream. */
  Path workspace() {
    return parallel == null || parallel.workspace() == null
        ? TEMPORARY
        : Path.of(parallel.workspace());
  }

  /** The store, which is reached by its methods and not yet by this one. */
  BackupStore open() {
    return s3 == null
        ? new BackupFolder(Path.of(Objects.requireNonNull(folder)))
        : new S3Store(new S3Connection(s3), TEMPORARY);
  }

  /** What must not be told of what opens it. */
  Redaction redaction() {
    var opening =
        s3 == null || s3.credentials() == null
            ? Redaction.NONE
            : S3Secret.read(s3.credentials()).redaction();
    var archiveKeys = archiveKeys();
    return archiveKeys == null ? opening : opening.and(archiveKeys.redaction());
  }

  /** Those that the pod was given; null where archives are not to be encrypted. */
  @Nullable BackupKeys archiveKeys() {
    return keys == null ? null : BackupKeys.read(keys);
  }
}
