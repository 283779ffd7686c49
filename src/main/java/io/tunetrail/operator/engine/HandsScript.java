package io.tunetrail.operator.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The Python program that works in a user's image: it tells revisions and runs commands. */
public final class HandsScript {
  /** Its file's name. */
  public static final String NAME = "hands.py";

  /** Its text. */
  public static final String TEXT = read();

  private HandsScript() {}

  private static String read() {
    var file = "/io/tunetrail/operator/guard/" + NAME;
    try (var stream = HandsScript.class.getResourceAsStream(file)) {
      return new String(
          Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this program can't be read", e);
    }
  }
}
