package io.tunetrail.operator.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * JSON in a container's log, framed here or by {@link HandsScript}: a line {@code NAME begin BYTES
 * SHA256} with the length and the digest of the JSON, lines with the base64 of what zlib made of
 * it, a line {@code NAME end}.
 */
public final class LogFrame {
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  /** The container's runtime would break a line of more than 16 KiB. */
  private static final int LINE_BYTES = 4096;

  private LogFrame() {}

  /** The lines that hold it. */
  public static List<String> lines(String json, String name) {
    var text = json.getBytes(StandardCharsets.UTF_8);
    var digest = Digest.ofBytes(text).substring("sha256:".length());
    var packed =
        Base64.getMimeEncoder(LINE_BYTES, new byte[] {'\n'}).encodeToString(deflated(text));
    return Stream.of(
            Stream.of("%s begin %d %s".formatted(name, text.length, digest)),
            packed.lines(),
            Stream.of(name + " end"))
        .flatMap(Function.identity())
        .toList();
  }

  private static byte[] deflated(byte[] text) {
    var packed = new ByteArrayOutputStream();
    try (var stream = new DeflaterOutputStream(packed)) {
      stream.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    return packed.toByteArray();
  }

  /** The last of that name in the log; empty where there is none, or not all of it. */
  public static Optional<String> parse(String log, String name) {
    var pattern = Pattern.compile(Pattern.quote(name) + " begin (\\d{1,9}) ([0-9a-f]{64})");
    var lines = log.lines().toList();
    for (int at = lines.size() - 1; at >= 0; at--) {
      var begin = pattern.matcher(lines.get(at));
      if (begin.matches()) {
        return framed(begin.toMatchResult(), lines.subList(at + 1, lines.size()), name + " end");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> framed(MatchResult begin, List<String> after, String last) {
    int end = after.indexOf(last);
    int bytes = Integer.parseInt(begin.group(1));
    if (end < 0 || bytes > MOST_BYTES) {
      return Optional.empty();
    }
    try {
      var json =
          inflated(Base64.getDecoder().decode(String.join("", after.subList(0, end))), bytes);
      return json != null && Digest.ofBytes(json).equals("sha256:" + begin.group(2))
          ? Optional.of(new String(json, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Null for what is not whole; never makes more than it was told to. */
  private static byte @Nullable [] inflated(byte[] packed, int bytes) {
    var text = new byte[bytes + 1];
    try (var inflater = new Inflater()) {
      inflater.setInput(packed);
      int length = inflater.inflate(text);
      return inflater.finished() && length == bytes ? Arrays.copyOf(text, bytes) : null;
    } catch (DataFormatException e) {
      return null;
    }
  }
}
