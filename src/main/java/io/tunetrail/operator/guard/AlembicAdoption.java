package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.Surroundings;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether the live database, which has tables and no version table, holds what the image's
 * revisions make of an empty one: they run on a scratch database, and the two are compared.
 */
record AlembicAdoption(
    Works works, WorkOrder order, AlembicSettings alembic, List<List<String>> upgrades) {
  private static final int NAMED = 10;

  /** Said of an extension that was made as the live database has it, and that a revision makes. */
  private static final Pattern MADE_TWICE =
      Pattern.compile("extension \"([^\"]+)\" already exists");

  /** Where scratch databases may be made, and with which certificates. */
  private record Server(ConnectionSettings settings, String authoritiesFile) {}

  /** What of the live database matters to revisions that run beside it. */
  private record Live(Surroundings surroundings, DatabaseLocale locale) {}

  /** Why the live database can't be taken for the target; empty when it can. */
  Optional<ProgramFailure> objection() throws IOException, SQLException {
    return switch (works.assignment().scratch()) {
      case null ->
          compared(new Server(works.settings(), works.authoritiesFile()), live(), Set.of());
      case Resolution.Refused refused -> unavailable("spec.scratch: " + refused.detail());
      case Resolution.Resolved resolved -> {
        var settings = resolved.settings();
        works.log().redact(settings.redaction());
        var authorities = works.shared().writeAuthorities("scratch-ca.crt", settings.caPem());
        yield compared(new Server(settings, authorities), live(), Set.of());
      }
    };
  }

  private Live live() throws SQLException {
    try (var connection = works.hold().openWorking()) {
      return new Live(Surroundings.read(connection), DatabaseLocale.read(connection));
    }
  }

  private Optional<ProgramFailure> compared(Server server, Live live, Set<String> madeByRevisions)
      throws IOException, SQLException {
    SchemaDescription expected;
    try {
      switch (Scratch.make(server.settings(), order.job(), live.locale())) {
        case Scratch.Attempt.Unavailable unavailable -> {
          return unavailable(unavailable.detail());
        }
        case Scratch.Attempt.Made made -> {
          try (var scratch = made.scratch()) {
            var failure = upgraded(scratch, server, live.surroundings(), madeByRevisions);
            if (failure.isPresent()) {
              return again(failure.get(), server, live, madeByRevisions);
            }
            expected = described(scratch);
          }
        }
      }
    } catch (SQLException e) {
      return unavailable(SqlFailure.of(e, server.settings()).detail());
    }
    var actual = works.hold().ask(connection -> read(connection, expected.schemas()));
    return verdict(expected.differences(actual));
  }

  private Optional<ProgramFailure> upgraded(
      Scratch scratch, Server server, Surroundings surroundings, Set<String> madeByRevisions)
      throws IOException, SQLException {
    works
        .log()
        .line(
            "comparing with revision %s in the scratch database %s: %s"
                .formatted(order.target(), scratch.settings().database(), SchemaDescription.SCOPE));
    try (var connection = scratch.open()) {
      surroundings
          .make(connection, madeByRevisions::contains)
          .forEach(it -> works.log().line("not in the scratch database: " + it));
    }
    return works.each(
        alembic,
        upgrades,
        new ProgramEnvironment(
            order,
            scratch.settings(),
            alembic.program().urls(),
            server.authoritiesFile(),
            surroundings.searchPath()));
  }

  /** Once more, where a revision makes an extension itself and does not ask whether it is there. */
  private Optional<ProgramFailure> again(
      ProgramFailure failure, Server server, Live live, Set<String> madeByRevisions)
      throws IOException, SQLException {
    var twice = MADE_TWICE.matcher(failure.message());
    if (twice.find() && !madeByRevisions.contains(twice.group(1))) {
      var made = new HashSet<>(madeByRevisions);
      made.add(twice.group(1));
      return compared(server, live, made);
    }
    return switch (failure.outcome()) {
      case LOST, LOCK_LOST, INPUTS_CHANGED -> Optional.of(failure);
      case UNREACHABLE, AUTHENTICATION_FAILED, CONNECTION_LOST -> unavailable(failure.message());
      default ->
          Optional.of(
              new ProgramFailure(
                  failure.outcome(), "on the scratch database: " + failure.message()));
    };
  }

  private SchemaDescription described(Scratch scratch) throws SQLException {
    try (var connection = scratch.open()) {
      return read(connection, SchemaDescription.userSchemas(connection));
    }
  }

  private SchemaDescription read(Connection connection, Collection<String> schemas)
      throws SQLException {
    return SchemaDescription.read(connection, schemas, List.of(alembic.versionTable()));
  }

  private Optional<ProgramFailure> verdict(List<String> differences) {
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    int more = differences.size() - NAMED;
    return Optional.of(
        new ProgramFailure(
            Outcome.SCHEMA_DIFFERS,
            "the tables are not those of revision %s, %s: %s%s"
                .formatted(
                    order.target(),
                    differences.size() == 1 ? "1 difference" : differences.size() + " differences",
                    String.join("; ", differences.subList(0, Math.min(NAMED, differences.size()))),
                    more > 0 ? "; and %d more".formatted(more) : "")));
  }

  private static Optional<ProgramFailure> unavailable(String detail) {
    return Optional.of(new ProgramFailure(Outcome.SCRATCH_UNAVAILABLE, detail));
  }
}
