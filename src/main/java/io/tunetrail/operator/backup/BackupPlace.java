package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.BackupClaimSpec;
import org.jspecify.annotations.Nullable;

/** Where backups are kept. */
public sealed interface BackupPlace {

  /**
   * The folder of a resource's backups, as people name it.
   *
   * @param resource its name
   */
  String location(String resource);

  /**
   * A volume, with a folder for each resource.
   *
   * @param path the folder of those folders; null: the root
   */
  record Volume(String claim, @Nullable String path) implements BackupPlace {

    static Volume of(BackupClaimSpec spec) {
      return new Volume(spec.claimName(), spec.path());
    }

    /** Below the place where the volume is mounted. */
    String folder(String resource) {
      return path == null ? resource : path + "/" + resource;
    }

    @Override
    public String location(String resource) {
      return claim + "/" + folder(resource);
    }
  }
}
