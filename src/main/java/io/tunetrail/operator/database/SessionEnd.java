package io.tunetrail.operator.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Ends the sessions in databases that are to be renamed, by whoever may: the admin, or the
 * databases' own login.
 *
 * @param session the admin's
 */
record SessionEnd(
    Administration session,
    ConnectionSettings admin,
    ConnectionSettings login,
    String applicationName) {
  static final String OBJECT_IN_USE = "55006";

  private static final int SHOWN = 5;

  /** Asks the server to end them; true where there are none any more. */
  boolean askAll(List<Long> databases) throws SQLException {
    var sessions = session.sessions(databases);
    for (var foreign : sessions) {
      if (!session.end(foreign)) {
        endAsLogin(foreign);
      }
    }
    return sessions.isEmpty();
  }

  private void endAsLogin(ForeignSession foreign) {
    var itself = login.withRole(null).withDatabase(admin.database());
    try (var own = Administration.open(itself, applicationName)) {
      var _ = own.end(foreign);
    } catch (SQLException e) {
      // Those that are left at the end are named.
    }
  }

  /** Throws {@value #OBJECT_IN_USE} with those that are still there. */
  void requireNone(List<Long> databases) throws SQLException {
    var sessions = session.sessions(databases);
    if (!sessions.isEmpty()) {
      throw new SQLException(words(sessions), OBJECT_IN_USE);
    }
  }

  private String words(List<ForeignSession> sessions) {
    var role = Objects.requireNonNullElse(admin.role(), admin.username());
    return "these sessions stay, which %s may not end: %s. End them, or as a superuser run: GRANT pg_signal_backend TO %s; which does not reach those of superusers"
        .formatted(
            role,
            sessions.stream()
                .limit(SHOWN)
                .map(ForeignSession::words)
                .collect(Collectors.joining(", ")),
            Identifier.quoted(role));
  }
}
