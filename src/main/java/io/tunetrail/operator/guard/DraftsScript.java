package io.tunetrail.operator.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The Python program that lets the image's Alembic write files, beside the hands. */
final class DraftsScript {
  /** Its file's name. */
  static final String NAME = "drafts.py";

  /** Its text. */
  static final String TEXT = read();

  private DraftsScript() {}

  private static String read() {
    try (var stream = DraftsScript.class.getResourceAsStream(NAME)) {
      return new String(
          Objects.requireNonNull(stream, NAME).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this program can't be read", e);
    }
  }
}
