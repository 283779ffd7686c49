package io.tunetrail.operator.backup;

import java.nio.file.Path;

/**
 * The place of a resource's backups, as a pod is told it.
 *
 * @param location as people name it
 * @param folder as the pod sees it
 */
public record StoreOrder(String location, String folder) {

  BackupStore open() {
    return new BackupFolder(Path.of(folder));
  }
}
