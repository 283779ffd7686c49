package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.database.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a Secret that opens a bucket; null where it has none of that name.
 *
 * @param sessionToken of credentials that are good for some hours
 */
record S3Secret(
    @Nullable String accessKeyId,
    @Nullable Password secretAccessKey,
    @Nullable Password sessionToken) {

  static S3Secret read(S3Order.Credentials credentials) {
    var folder = Path.of(credentials.folder());
    return new S3Secret(
        value(folder, "accessKeyId", "AWS_ACCESS_KEY_ID"),
        password(value(folder, "secretAccessKey", "AWS_SECRET_ACCESS_KEY")),
        password(value(folder, "sessionToken", "AWS_SESSION_TOKEN")));
  }

  private static @Nullable Password password(@Nullable String value) {
    return value == null ? null : new Password(value);
  }

  /** Without the line's end that a file often has. */
  private static @Nullable String value(Path folder, String... keys) {
    for (var key : keys) {
      try {
        var text = Files.readString(folder.resolve(key)).strip();
        if (!text.isEmpty()) {
          return text;
        }
      } catch (IOException e) {
        // The other name may be there.
      }
    }
    return null;
  }

  Redaction redaction() {
    return Redaction.of(
        Stream.concat(Stream.ofNullable(secretAccessKey), Stream.ofNullable(sessionToken))
            .toArray(Password[]::new));
  }
}
