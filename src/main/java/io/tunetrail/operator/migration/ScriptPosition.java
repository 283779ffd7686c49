package io.tunetrail.operator.migration;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Where in a script PostgreSQL found the error. */
final class ScriptPosition {
  private static final Pattern BEFORE_FIRST_TOKEN =
      Pattern.compile("(?:\\s+|--[^\\n]*|/\\*(?s:.*?)\\*/)*+");

  private ScriptPosition() {}

  /**
   * The error's line within the text that was sent, from 1; 0 where PostgreSQL gives no position.
   *
   * @param sent exactly what was sent
   */
  static int line(SQLException failure, String sent) {
    int position = position(failure);
    return position < 1
        ? 0
        : 1 + (int) sent.codePoints().limit(position - 1L).filter(it -> it == '\n').count();
  }

  /** The line, from 1, where a statement begins after the blanks and comments before it. */
  static int firstLine(String statement) {
    var before = BEFORE_FIRST_TOKEN.matcher(statement);
    return 1
        + (before.lookingAt() ? (int) before.group().chars().filter(it -> it == '\n').count() : 0);
  }

  /** In characters from 1; 0 where there is none. */
  private static int position(@Nullable SQLException failure) {
    var said = failure instanceof PSQLException pg ? pg.getServerErrorMessage() : null;
    return said == null ? 0 : said.getPosition();
  }
}
