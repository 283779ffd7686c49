package io.tunetrail.operator.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Python programs that the hands run beside themselves, around the image's own Alembic. */
enum ImageScript {
  /** Lets it write files. */
  DRAFTS("drafts.py"),
  /** Lets it compare models with a database, to which it can't write. */
  CHECKS("checks.py"),
  /** Lets it tell the SQL of its revisions. */
  PLANS("plans.py");

  private final String fileName;

  ImageScript(String fileName) {
    this.fileName = fileName;
  }

  String fileName() {
    return fileName;
  }

  String text() {
    try (var stream = ImageScript.class.getResourceAsStream(fileName)) {
      return new String(
          Objects.requireNonNull(stream, fileName).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this program can't be read", e);
    }
  }
}
