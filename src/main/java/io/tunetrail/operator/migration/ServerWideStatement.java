package io.tunetrail.operator.migration;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A statement whose effect is not confined to the database it runs in, and so would change the live
 * one from a scratch database beside it. CREATE ROLE is none: what is to be adopted has the role.
 */
final class ServerWideStatement {
  private static final Pattern COMMENT = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\b(ALTER|DROP)\\s+(ROLE|USER(?!\\s+MAPPING)|GROUP|DATABASE|TABLESPACE|SYSTEM|OWNED)\\b"
              + "|\\bREASSIGN\\s+OWNED\\b"
              + "|\\bON\\s+DATABASE\\b",
          Pattern.CASE_INSENSITIVE);

  private ServerWideStatement() {}

  /** The first one's words. */
  static Optional<String> in(String sql) {
    var matcher = STATEMENT.matcher(COMMENT.matcher(sql).replaceAll(" "));
    return matcher.find() ? Optional.of(matcher.group().replaceAll("\\s+", " ")) : Optional.empty();
  }
}
