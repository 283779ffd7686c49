package io.tunetrail.operator.database;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes passwords out of texts, however URLs, ini files, SQL, JSON and base64 spell them.
 *
 * @param secrets longest first, so that none leaves a part of another
 */
public record Redaction(List<Secret> secrets) {
  private static final String MASK = "***";

  /** Knows no secret. */
  public static final Redaction NONE = new Redaction(List.of());

  public static Redaction of(Password... passwords) {
    return new Redaction(
        Stream.of(passwords)
            .map(Password::value)
            .filter(it -> !it.isEmpty())
            .distinct()
            .flatMap(it -> Stream.of(Secret.spelled(it), Secret.inBase64(it)))
            .sorted(Comparator.comparingInt(Secret::length).reversed())
            .toList());
  }

  /** Masks what either of the two knows. */
  public Redaction and(Redaction other) {
    return new Redaction(
        Stream.concat(secrets.stream(), other.secrets.stream())
            .distinct()
            .sorted(Comparator.comparingInt(Secret::length).reversed())
            .toList());
  }

  public String apply(String text) {
    var redacted = text;
    for (var secret : secrets) {
      redacted = secret.maskedIn(redacted);
    }
    return redacted;
  }

  /**
   * The exception itself where neither it nor a cause tells a secret, else one with its stack trace
   * and masked words.
   */
  public RuntimeException apply(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (!apply(cause.toString()).equals(cause.toString())) {
        return masked(failure);
      }
    }
    return failure;
  }

  private Masked masked(Throwable failure) {
    var cause = failure.getCause();
    return new Masked(apply(failure.toString()), failure, cause == null ? null : masked(cause));
  }

  /** An exception whose words were masked; they begin with the original's class. */
  private static final class Masked extends RuntimeException {
    private static final long serialVersionUID = 1;

    Masked(String text, Throwable original, @Nullable Throwable cause) {
      super(text, cause);
      setStackTrace(original.getStackTrace());
    }
  }

  /**
   * One secret.
   *
   * @param characters for each of its characters all ways to spell it, which a text may mix
   */
  record Secret(List<Set<String>> characters) {

    static Secret spelled(String text) {
      return new Secret(text.codePoints().mapToObj(Secret::spellings).toList());
    }

    /** Without the padding, which is not everywhere. */
    static Secret inBase64(String text) {
      var encoder = Base64.getEncoder().withoutPadding();
      var encoded = encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
      return new Secret(
          encoded.codePoints().mapToObj(it -> Set.of(Character.toString(it))).toList());
    }

    int length() {
      return characters.size();
    }

    String maskedIn(String text) {
      var masked = new StringBuilder();
      int at = 0;
      while (at < text.length()) {
        int end = end(text, at);
        if (end < 0) {
          masked.append(text.charAt(at++));
        } else {
          masked.append(MASK);
          at = end;
        }
      }
      return masked.toString();
    }

    /** Where the secret ends that begins here; -1 where none does. */
    private int end(String text, int start) {
      Collection<Integer> ends = List.of(start);
      for (var spellings : characters) {
        ends = after(text, ends, spellings);
        if (ends.isEmpty()) {
          return -1;
        }
      }
      return ends.stream().mapToInt(it -> it).max().orElse(-1);
    }

    private static Set<Integer> after(
        String text, Collection<Integer> starts, Set<String> spellings) {
      var ends = HashSet.<Integer>newHashSet(2);
      for (int start : starts) {
        for (var spelling : spellings) {
          if (text.startsWith(spelling, start)) {
            ends.add(start + spelling.length());
          }
        }
      }
      return ends;
    }

    private static Set<String> spellings(int codePoint) {
      var plain = Character.toString(codePoint);
      var spellings = new HashSet<>(Set.of(plain));
      for (var encoded : percentEncoded(plain)) {
        spellings.add(encoded);
        spellings.add(encoded.replace("%", "%%"));
      }
      switch (plain) {
        case " " -> spellings.add("+");
        case "%" -> spellings.add("%%");
        case "'", "\"", "\\" -> spellings.addAll(List.of("\\" + plain, plain + plain));
        default -> {
          if (codePoint > 0x7e) {
            spellings.add(unicodeEscaped(plain));
          }
        }
      }
      return spellings;
    }

    private static List<String> percentEncoded(String text) {
      var encoded = new StringBuilder();
      for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
      var upperCase = encoded.toString();
      return List.of(upperCase, upperCase.toLowerCase(Locale.ROOT));
    }

    /** As JSON has it. */
    private static String unicodeEscaped(String text) {
      var escaped = new StringBuilder();
      for (int at = 0; at < text.length(); at++) {
        escaped.append("\\u").append(HexFormat.of().toHexDigits(text.charAt(at)));
      }
      return escaped.toString();
    }
  }
}
