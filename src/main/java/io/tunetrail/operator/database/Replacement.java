package io.tunetrail.operator.database;

import io.tunetrail.operator.database.DatabaseTraits.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database that a restore makes beside the others, under a name that nobody uses, until it gets
 * its name or takes a live one's place. If it does neither, it is dropped and the live one serves
 * on: at the end, when the process is asked to end before, or by the next attempt.
 */
public final class Replacement implements AutoCloseable {
  private static final String USUAL_TABLESPACE = "pg_default";
  private static final long PAUSE = 250;

  private final ConnectionSettings admin;
  private final ConnectionSettings login;
  private final RestoreNames names;
  private final String applicationName;
  private final long oid;
  private final Thread atExit;

  /** Whether the login's own settings are its own to set, as the admin may not. */
  private boolean settingsByLogin;

  /** The live one that takes no sessions for now; null: none. Guarded by this. */
  private @Nullable DatabaseTraits forbidden;

  /** Whether there is no more to be done or undone. Guarded by this. */
  private boolean settled;

  private Replacement(
      ConnectionSettings admin,
      ConnectionSettings login,
      RestoreNames names,
      String applicationName,
      long oid) {
    this.admin = admin;
    this.login = login;
    this.names = names;
    this.applicationName = applicationName;
    this.oid = oid;
    atExit = new Thread(this::settleAtExit, "restore-undo");
  }

  /**
   * Makes it, empty, owned by who restores and closed to everybody else.
   *
   * @param admin who makes databases, in one that is none of those
   * @param login who restores
   * @param tablespace null: that of new databases
   */
  public static Replacement make(
      ConnectionSettings admin,
      ConnectionSettings login,
      RestoreNames names,
      DatabaseLocale locale,
      @Nullable String tablespace,
      String applicationName)
      throws SQLException {
    try (var session = Administration.open(admin, applicationName)) {
      var name = Identifier.quoted(names.temporary());
      int version = session.ask(Catalog::server).version();
      session.execute(
          "CREATE DATABASE %s TEMPLATE template0 OWNER %s%s%s"
              .formatted(
                  name,
                  Identifier.quoted(role(login)),
                  tablespace(tablespace),
                  locale.options(version)));
      long oid = session.database(names.temporary()).orElseThrow().oid();
      var made = new Replacement(admin, login, names, applicationName, oid);
      Runtime.getRuntime().addShutdownHook(made.atExit);
      made.claim(session, name);
      return made;
    }
  }

  /** Naming the usual one takes a right that making a database in it does not. */
  private static String tablespace(@Nullable String name) {
    return name == null || name.equals(USUAL_TABLESPACE)
        ? ""
        : " TABLESPACE " + Identifier.quoted(name);
  }

  private void claim(Administration session, String name) throws SQLException {
    try {
      session.execute(
          List.of(
              "COMMENT ON DATABASE %s IS%s".formatted(name, Identifier.literal(names.making())),
              "REVOKE CONNECT, TEMPORARY ON DATABASE %s FROM PUBLIC".formatted(name),
              "GRANT CONNECT ON DATABASE %s TO %s"
                  .formatted(name, Identifier.quoted(login.username()))));
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  /**
   * Undoes what an earlier attempt of the same restore left that did not come to its end: the live
   * database takes sessions again, and the one beside it is dropped.
   *
   * @param live null: there is none
   * @return why it can't; empty where nothing of it is left
   */
  public static Optional<String> undoEarlier(
      Administration session,
      ConnectionSettings login,
      RestoreNames names,
      @Nullable DatabaseTraits live)
      throws SQLException {
    var left = session.database(names.temporary()).orElse(null);
    if (left == null) {
      return Optional.empty();
    }
    if (!left.owner().equals(role(login)) || !names.isOurs(left.comment())) {
      return Optional.of(
          "database %s of %s is none of this restore's; rename it"
              .formatted(left.name(), left.owner()));
    }
    if (live != null && !live.allowsConnections() && names.swapping().equals(left.comment())) {
      allow(session, live.name());
    }
    drop(session, names.temporary());
    return Optional.empty();
  }

  /** The restoring login's way into it. */
  public ConnectionSettings settings() {
    return login.withDatabase(names.temporary());
  }

  /** Why it could not get all that is the live one's; empty where it could. */
  public Optional<String> rehearse(DatabaseTraits live, boolean inPlace) throws SQLException {
    try (var session = Administration.open(admin, applicationName)) {
      var impossible = session.rehearse(steps(live, inPlace));
      if (impossible.isEmpty() || !inPlace || ownSettings(live).isEmpty()) {
        return impossible;
      }
      settingsByLogin = true;
      impossible = session.rehearse(steps(live, true));
      return impossible.isPresent() ? impossible : rehearseOwnSettings(live);
    }
  }

  private Optional<String> rehearseOwnSettings(DatabaseTraits live) throws SQLException {
    try (var session = Administration.open(itself(), applicationName)) {
      return session.rehearse(ownSettings(live));
    }
  }

  /** The login as no other role, for only then its settings are its own. */
  private ConnectionSettings itself() {
    return settings().withRole(null);
  }

  private List<Step> ownSettings(DatabaseTraits live) {
    return live.settingsOf(login.username(), names.temporary());
  }

  private List<Step> steps(DatabaseTraits live, boolean inPlace) {
    return inPlace
        ? live.all(names.temporary(), login.username(), settingsByLogin ? login.username() : null)
        : live.access(names.temporary(), login.username());
  }

  /**
   * Gets its name, and the live one's owner and grants.
   *
   * @param live null: there is none, and its owner keeps it
   */
  public void become(String name, @Nullable DatabaseTraits live, String comment, Duration patience)
      throws SQLException {
    var statements = new ArrayList<String>();
    if (live != null) {
      steps(live, false).stream().map(Step::sql).forEach(statements::add);
    }
    statements.add(rename(names.temporary(), name));
    statements.add(
        "COMMENT ON DATABASE %s IS%s"
            .formatted(Identifier.quoted(name), Identifier.literal(comment)));
    try (var session = Administration.open(admin, applicationName)) {
      exchanged(session, List.of(oid), statements, patience);
    }
  }

  /**
   * Takes the live one's place, with all that is its: no session gets in any more, those that are
   * in end, and both names change in one transaction. Where that fails, the live one takes sessions
   * again.
   *
   * @param previous what the live one is called from then on; nobody gets into it
   * @param comment that it gets
   * @param patience longest wait for sessions to end
   */
  public void takePlace(DatabaseTraits live, String previous, String comment, Duration patience)
      throws SQLException {
    var statements = new ArrayList<String>();
    steps(live, true).stream().map(Step::sql).forEach(statements::add);
    statements.add(rename(live.name(), previous));
    statements.add(rename(names.temporary(), live.name()));
    statements.add(
        "COMMENT ON DATABASE %s IS%s"
            .formatted(Identifier.quoted(previous), Identifier.literal(comment)));
    setOwnSettings(live);
    try (var session = Administration.open(admin, applicationName)) {
      forbid(session, live);
      exchanged(session, List.of(live.oid(), oid), statements, patience);
    }
  }

  /** Before the swap, for it takes another login than the admin's. */
  private void setOwnSettings(DatabaseTraits live) throws SQLException {
    if (settingsByLogin) {
      try (var session = Administration.open(itself(), applicationName)) {
        session.execute(ownSettings(live).stream().map(Step::sql).toList());
      }
    }
  }

  private static String rename(String from, String to) {
    return "ALTER DATABASE %s RENAME TO %s"
        .formatted(Identifier.quoted(from), Identifier.quoted(to));
  }

  /** In one transaction with the comment by which the next attempt knows that it was us. */
  private synchronized void forbid(Administration session, DatabaseTraits live)
      throws SQLException {
    requireUnsettled();
    forbidden = live;
    session.execute(
        List.of(
            "COMMENT ON DATABASE %s IS%s"
                .formatted(
                    Identifier.quoted(names.temporary()), Identifier.literal(names.swapping())),
            "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(Identifier.quoted(live.name()))));
  }

  private void exchanged(
      Administration session, List<Long> databases, List<String> statements, Duration patience)
      throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      empty(session, databases, deadline);
      try {
        exchange(session, statements);
        return;
      } catch (SQLException e) {
        if (!SessionEnd.OBJECT_IN_USE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private synchronized void exchange(Administration session, List<String> statements)
      throws SQLException {
    requireUnsettled();
    session.execute(statements);
    settled = true;
    dismissAtExit();
  }

  private synchronized void requireUnsettled() throws SQLException {
    if (settled) {
      throw new SQLException("the restore was asked to end", "57P01");
    }
  }

  /** Before each look at who is still there, for the process may be asked to end meanwhile. */
  private void empty(Administration session, List<Long> databases, long deadline)
      throws SQLException {
    var ending = new SessionEnd(session, admin, login, applicationName);
    requireUnsettled();
    while (!ending.askAll(databases)) {
      requireUnsettled();
      if (System.nanoTime() > deadline || !Fence.pause(PAUSE)) {
        ending.requireNone(databases);
      }
    }
  }

  /**
   * Undoes what did not come to its end.
   *
   * @return what a person must do, where that failed; empty where all is as it should be
   */
  public synchronized Optional<String> settle() {
    if (settled) {
      return Optional.empty();
    }
    settled = true;
    try (var session = Administration.open(admin, applicationName)) {
      if (forbidden != null) {
        allow(session, forbidden);
      }
      drop(session, names.temporary());
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(byHand() + ": " + SqlFailure.of(e, admin).detail());
    }
  }

  private String byHand() {
    var live = forbidden;
    return live == null
        ? "the database %s could not be dropped; the next attempt drops it"
            .formatted(names.temporary())
        : "whether %1$s takes sessions again is not known; the next attempt sees to it, or run as its owner: ALTER DATABASE %1$s ALLOW_CONNECTIONS true"
            .formatted(Identifier.quoted(live.name()));
  }

  /** A commit whose answer was lost has given the name to this one, which takes them anyway. */
  private static void allow(Administration session, DatabaseTraits live) throws SQLException {
    if (session.name(live.oid()).filter(live.name()::equals).isPresent()) {
      allow(session, live.name());
    }
  }

  private static void allow(Administration session, String live) throws SQLException {
    session.execute("ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(Identifier.quoted(live)));
  }

  /** Sessions of stronger roles can't be ended; without FORCE the server waits for them. */
  private static void drop(Administration session, String name) throws SQLException {
    var drop = "DROP DATABASE IF EXISTS " + Identifier.quoted(name);
    try {
      session.execute(drop + " WITH (FORCE)");
    } catch (SQLException e) {
      session.execute(drop);
    }
  }

  private static String role(ConnectionSettings settings) {
    return Objects.requireNonNullElse(settings.role(), settings.username());
  }

  private void settleAtExit() {
    var _ = settle();
  }

  private void dismissAtExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook finds nothing to do.
    }
  }

  /** Drops it unless it has its name. */
  @Override
  public void close() {
    var _ = settle();
    dismissAtExit();
  }
}
