package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.MadeFiles.MadeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where files are handed to a person. */
record Folder(Path root) {

  /** Writes all of them, or none where one is there already; answers where each is. */
  List<Path> write(List<MadeFile> files) throws CommandFailure {
    var places = new ArrayList<Path>();
    for (var file : files) {
      places.add(place(file));
    }
    try {
      for (int at = 0; at < files.size(); at++) {
        Files.createDirectories(Objects.requireNonNull(places.get(at).getParent()));
        Files.writeString(places.get(at), files.get(at).text(), StandardOpenOption.CREATE_NEW);
      }
      return places;
    } catch (IOException e) {
      throw new CommandFailure("can't write to %s: %s".formatted(root, e));
    }
  }

  /** An image says the path, and is not believed beyond the folder. */
  private Path place(MadeFile file) throws CommandFailure {
    var folder = root.toAbsolutePath().normalize();
    var place = folder.resolve(file.path()).normalize();
    if (!place.startsWith(folder) || place.equals(folder)) {
      throw new CommandFailure(
          "the image made %s, which is not within the project; nothing is written"
              .formatted(file.path()));
    }
    if (Files.exists(place)) {
      throw new CommandFailure(
          "%s is there already; nothing is written. Move it away, or name another folder by --output"
              .formatted(root.resolve(file.path())));
    }
    return root.resolve(file.path());
  }
}
