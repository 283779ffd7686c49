package io.tunetrail.operator.engine;

import io.tunetrail.operator.api.FlywaySpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where Flyway's scripts lie in an image.
 *
 * @param path the folder, absolute
 * @param mounted by the node, as a volume; else they are copied by the image's own {@code cp}
 */
public record ScriptImage(String image, String path, boolean mounted) {

  /** Null where ConfigMaps hold the scripts. */
  public static @Nullable ScriptImage of(FlywaySpec spec) {
    return spec.image() == null
        ? null
        : new ScriptImage(
            spec.image(),
            Objects.requireNonNull(spec.path()),
            Boolean.TRUE.equals(spec.imageVolume()));
  }

  /** The same folder of the image by another reference; null: by this one. */
  public ScriptImage at(@Nullable String reference) {
    return reference == null ? this : new ScriptImage(reference, path, mounted);
  }

  /** What is inspected; of the settings only those count by which files are told apart. */
  public ImageSource source(FlywaySettings settings) {
    return new ImageSource(
        ImageSource.Holds.SCRIPTS,
        image,
        Digest.of(
            image,
            path,
            Boolean.toString(mounted),
            settings.sqlMigrationPrefix(),
            settings.repeatableSqlMigrationPrefix(),
            settings.sqlMigrationSeparator(),
            settings.sqlMigrationSuffixes().toString()));
  }
}
