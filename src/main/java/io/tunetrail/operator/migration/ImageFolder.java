package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripts of an image, with all folders in the one that it names. Other files may lie there. A
 * link is never followed: it would lead to what is mounted beside it.
 */
record ImageFolder(Path root, FlywaySettings settings) {

  /**
   * Throws {@link InvalidScripts} for a script that is not UTF-8, or that the user may not read.
   */
  ScriptSet scripts() throws IOException, InvalidScripts {
    try {
      var files = new ArrayList<ScriptFile>();
      for (var file : paths()) {
        files.add(new ScriptFile(0, name(file), text(file)));
      }
      return new ScriptSet(files);
    } catch (AccessDeniedException e) {
      throw new InvalidScripts(
          "the pod's user may not read %s: give all users the right to read it in the image, or set jobTemplate.securityContext.runAsUser"
              .formatted(denied(Path.of(e.getFile()))));
    }
  }

  private String denied(Path path) {
    return path.equals(root) ? "schema.flyway.path" : name(path);
  }

  private List<Path> paths() throws IOException {
    try (var paths = Files.walk(root)) {
      return paths
          .filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS))
          .filter(it -> settings.reads(it.getFileName().toString()))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private String name(Path file) {
    return root.relativize(file).toString();
  }

  private String text(Path file) throws IOException, InvalidScripts {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidScripts(name(file) + " is not UTF-8 text");
    }
  }
}
