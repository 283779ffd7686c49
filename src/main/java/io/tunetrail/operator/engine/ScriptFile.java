package io.tunetrail.operator.engine;

/**
 * One file of SQL or of its configuration.
 *
 * @param source which of the resource's ConfigMaps it is from, from 0; 0 of an image
 * @param name the file's name, as in {@code V2__users.sql}; of an image with the folders before it,
 *     as in {@code 2026/V2__users.sql}
 */
public record ScriptFile(int source, String name, String content) {

  /** The name without the folders, which is what Flyway reads a version from. */
  public String fileName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
