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
 * revisions make of an empty one: they run on a scratch database, and the two are compared. Where
 * the target is the image's newest revision, its models are compared with the live database too.
 *
 * @param newest whether the target is all that the image has
 */
record AlembicAdoption(
    Works works,
    WorkOrder order,
    AlembicSettings alembic,
    List<List<String>> upgrades,
    boolean newest) {
  /** Said of an extension that was made as the live database has it, and that a revision makes. */
  private static final Pattern MADE_TWICE =
      Pattern.compile("extension \"([^\"]+)\" already exists");

  /** Where scratch databases may be made, and with which certificates. */
  private record Server(ConnectionSettings settings, TlsFiles tlsFiles) {}

  /** What of the live database matters to revisions that run beside it. */
  private record Live(Surroundings surroundings, DatabaseLocale locale) {}

  /** Why the live database can't be taken for the target; empty when it can. */
  Optional<ProgramFailure> objection() throws IOException, SQLException {
    var byRevisions = objectionOfRevisions();
    return newest && leavesItOpen(byRevisions) ? objectionOfModels(byRevisions) : byRevisions;
  }

  /** A server that is named for scratch databases is waited for. */
  private boolean leavesItOpen(Optional<ProgramFailure> byRevisions) throws IOException {
    return byRevisions.isEmpty()
        || (byRevisions.get().outcome() == Outcome.SCRATCH_UNAVAILABLE
            && works.assignment().scratch() == null);
  }

  /** A check that agrees will do where no scratch database is to be had. */
  private Optional<ProgramFailure> objectionOfModels(Optional<ProgramFailure> byRevisions)
      throws IOException {
    return switch (new ModelCheck(works, order, alembic).unstamped()) {
      case ModelCheck.Answer.Compared compared -> {
        byRevisions.ifPresent(
            it -> works.log().line("compared with the image's models alone: " + it.message()));
        yield ProgramFailure.differing(
            byRevisions.isPresent()
                ? "the tables are not those of the image's models"
                : "the tables are those of revision %s and not those of the image's models, so a revision is missing, which generate writes"
                    .formatted(order.target()),
            compared.differences());
      }
      case ModelCheck.Answer.Failed failed ->
          switch (failed.failure().outcome()) {
            case LOST, LOCK_LOST, INPUTS_CHANGED -> Optional.of(failed.failure());
            default -> {
              works
                  .log()
                  .line("not compared with the image's models: " + failed.failure().message());
              yield byRevisions;
            }
          };
    };
  }

  private Optional<ProgramFailure> objectionOfRevisions() throws IOException, SQLException {
    return switch (works.assignment().scratch()) {
      case null -> compared(new Server(works.settings(), works.tlsFiles()), live(), Set.of());
      case Resolution.Refused refused -> unavailable("spec.scratch: " + refused.detail());
      case Resolution.Resolved resolved -> {
        var settings = resolved.settings();
        works.log().redact(settings.redaction());
        var tlsFiles = works.shared().writeTlsFiles("scratch-", settings);
        yield compared(new Server(settings, tlsFiles), live(), Set.of());
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
    return ProgramFailure.differing(
        "the tables are not those of revision " + order.target(), expected.differences(actual));
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
            server.tlsFiles(),
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

  private static Optional<ProgramFailure> unavailable(String detail) {
    return Optional.of(new ProgramFailure(Outcome.SCRATCH_UNAVAILABLE, detail));
  }
}
