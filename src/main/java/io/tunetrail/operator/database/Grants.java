package io.tunetrail.operator.database;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/** The statement that gives what PostgreSQL says is missing. */
final class Grants {
  private static final Pattern DENIED =
      Pattern.compile("permission denied for (schema|database|table|sequence|view|function) (.+)");
  private static final Pattern OWNER = Pattern.compile("must be owner of (\\w+) (.+)");
  private static final Pattern SET_ROLE = Pattern.compile("permission denied to set role \"(.+)\"");

  private Grants() {}

  /** A sentence with the GRANT; empty where PostgreSQL doesn't say enough for one. */
  static String missing(SQLException failure, ConnectionSettings settings) {
    var said = failure instanceof PSQLException pg ? pg.getServerErrorMessage() : null;
    return missing(said == null ? "" : Objects.requireNonNullElse(said.getMessage(), ""), settings);
  }

  /** The same of PostgreSQL's words alone. */
  static String missing(String message, ConnectionSettings settings) {
    var grantee =
        Identifier.quoted(Objects.requireNonNullElse(settings.role(), settings.username()));
    var denied = DENIED.matcher(message);
    if (denied.find()) {
      return run(grant(denied.group(1).toLowerCase(Locale.ROOT), denied.group(2), grantee));
    }
    var role = SET_ROLE.matcher(message);
    if (role.find()) {
      return run(
          "GRANT %s TO %s;"
              .formatted(Identifier.quoted(role.group(1)), Identifier.quoted(settings.username())));
    }
    var owner = OWNER.matcher(message);
    if (owner.find()) {
      return ". Make %s the owner of %s %s, or set connection.role to its owner"
          .formatted(grantee, owner.group(1), owner.group(2));
    }
    return "";
  }

  /** PostgreSQL's words don't tell USAGE from CREATE on a schema; a migration needs both. */
  private static String grant(String kind, String name, String grantee) {
    return switch (kind) {
      case "schema" ->
          "GRANT CREATE ON SCHEMA %1$s TO %2$s; GRANT USAGE ON SCHEMA %1$s TO %2$s;"
              .formatted(Identifier.quoted(name), grantee);
      case "database" ->
          "GRANT CREATE ON DATABASE %s TO %s;".formatted(Identifier.quoted(name), grantee);
      case "function" ->
          "GRANT EXECUTE ON FUNCTION %s TO %s;".formatted(Identifier.quoted(name), grantee);
      case "sequence" ->
          "GRANT USAGE, SELECT ON SEQUENCE %s TO %s;".formatted(Identifier.quoted(name), grantee);
      default ->
          "GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s;"
              .formatted(Identifier.quoted(name), grantee);
    };
  }

  private static String run(String statement) {
    return ". As the owner run: " + statement;
  }
}
