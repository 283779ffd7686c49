package io.tunetrail.operator.migration;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Where in a script PostgreSQL found the error. */
final class ScriptPosition {
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

  /** In characters from 1; 0 where there is none. */
  private static int position(@Nullable SQLException failure) {
    var said = failure instanceof PSQLException pg ? pg.getServerErrorMessage() : null;
    return said == null ? 0 : said.getPosition();
  }
}
