package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.database.RoleLook.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a doctor says of a database that was asked. */
final class RoleVerdicts {
  private static final Duration SKEW = Duration.ofSeconds(5);

  private RoleVerdicts() {}

  /** That the database could not be asked. */
  static Check refused(RoleLook.Answer.Refused refused) {
    return Check.fail("server", refused.detail(), refused.remedy());
  }

  /**
   * All that was found.
   *
   * @param here when it was asked, by the clock of who asked
   */
  static List<Check> of(Found found, Instant here) {
    return List.of(
        server(found),
        schema(found),
        history(found),
        scratch(found),
        extensions(found),
        lock(found),
        clock(found, here));
  }

  private static Check server(Found found) {
    var words =
        "PostgreSQL %s, database %s, as %s"
            .formatted(found.serverVersion(), found.database(), found.role());
    return found.inRecovery()
        ? Check.fail("server", words + "; it can't be written to", "Connect to the primary.")
        : Check.ok("server", words);
  }

  private static Check schema(Found found) {
    var schema = found.schema();
    if (schema == null) {
      return Check.fail(
          "privileges",
          "no schema of %s's search_path exists and may be used".formatted(found.role()),
          "Create one, or set the search_path of the role in this database.");
    }
    return found.mayCreate()
        ? Check.ok("privileges", "may create in schema " + schema)
        : Check.fail(
            "privileges",
            "may not create in schema " + schema,
            "As the owner run: GRANT CREATE, USAGE ON SCHEMA %s TO %s;"
                .formatted(schema, found.role()));
  }

  private static Check history(Found found) {
    if (found.mayNote()) {
      return Check.ok("history", "may write tunetrail.history");
    }
    if (!found.isKnown() && found.mayCreateSchemas()) {
      return Check.ok("history", "is not there yet, and may be made");
    }
    return found.isKnown()
        ? Check.fail(
            "history",
            "may not write tunetrail.history",
            "As its owner run: GRANT USAGE, CREATE ON SCHEMA tunetrail TO %1$s; GRANT SELECT, INSERT, UPDATE ON tunetrail.history TO %1$s;"
                .formatted(found.role()))
        : Check.fail(
            "history",
            "schema tunetrail is not there and may not be made",
            "As the owner run: GRANT CREATE ON DATABASE %s TO %s;"
                .formatted(found.database(), found.role()));
  }

  private static Check scratch(Found found) {
    return found.mayCreateDatabases()
        ? Check.ok("scratch", "may make databases")
        : Check.warn(
            "scratch",
            "may make no databases, on which plans are tried, and versions made to adopt one",
            "Name a server where it may in spec.scratch, or run: ALTER ROLE %s CREATEDB;"
                .formatted(found.role()));
  }

  private static Check extensions(Found found) {
    boolean measures = found.extensions().stream().anyMatch(it -> it.startsWith("pg_stat_st"));
    var words = found.extensions().isEmpty() ? "none" : String.join(", ", found.extensions());
    return measures
        ? Check.ok("extensions", words)
        : Check.warn(
            "extensions",
            words + "; pg_stat_statements is not there",
            "Slow statements can't be told without it: CREATE EXTENSION pg_stat_statements; beside"
                + " shared_preload_libraries.");
  }

  private static Check lock(Found found) {
    return found.worker() == null
        ? Check.ok("lock", "nobody works on the database")
        : Check.warn("lock", found.worker() + " works on the database", "Other work waits for it.");
  }

  private static Check clock(Found found, Instant here) {
    var ahead = Duration.between(Instant.parse(found.clock()), here);
    return ahead.abs().compareTo(SKEW) <= 0
        ? Check.ok("server clock", "agrees with the server's")
        : Check.warn(
            "server clock",
            "%d s %s the server's"
                .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
            "Set it by NTP: approvals that expire and windows go by the time.");
  }
}
