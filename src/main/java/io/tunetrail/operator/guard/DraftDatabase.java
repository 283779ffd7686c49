package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.Surroundings;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A scratch database, on which the image's Alembic writes a revision that is handed back. */
record DraftDatabase(Works works, WorkOrder order, AlembicSettings alembic) {

  /** What is done in the database. */
  interface Draft {

    /** Why it failed. */
    Optional<ProgramFailure> write(ProgramEnvironment environment, Scratch scratch)
        throws IOException, SQLException;
  }

  /** What of the live database matters to revisions that run beside it. */
  private record Live(Surroundings surroundings, DatabaseLocale locale) {}

  /** The result of a draft in a database of its own. */
  WorkResult write(Draft draft) throws IOException, SQLException {
    return switch (works.assignment().scratch()) {
      case null -> write(draft, works.settings(), works.tlsFiles());
      case Resolution.Refused refused -> unavailable("spec.scratch: " + refused.detail());
      case Resolution.Resolved resolved -> {
        var settings = resolved.settings();
        works.log().redact(settings.redaction());
        var tlsFiles = works.shared().writeTlsFiles("scratch-", settings);
        yield write(draft, settings, tlsFiles);
      }
    };
  }

  private WorkResult write(Draft draft, ConnectionSettings server, TlsFiles tlsFiles)
      throws IOException, SQLException {
    var live = live();
    try {
      return switch (Scratch.make(server, order.job(), live.locale())) {
        case Scratch.Attempt.Unavailable unavailable -> unavailable(unavailable.detail());
        case Scratch.Attempt.Made made -> {
          try (var scratch = made.scratch()) {
            var environment = prepared(scratch, live.surroundings(), tlsFiles);
            yield result(draft.write(environment, scratch));
          }
        }
      };
    } catch (SQLException e) {
      return unavailable(SqlFailure.of(e, server).detail());
    }
  }

  private Live live() throws SQLException {
    try (var connection = works.hold().openWorking()) {
      return new Live(Surroundings.read(connection), DatabaseLocale.read(connection));
    }
  }

  private ProgramEnvironment prepared(Scratch scratch, Surroundings surroundings, TlsFiles tlsFiles)
      throws SQLException {
    works.log().line("in the scratch database " + scratch.settings().database());
    try (var connection = scratch.open()) {
      surroundings
          .make(connection, _ -> false)
          .forEach(it -> works.log().line("not in the scratch database: " + it));
    }
    return new ProgramEnvironment(
        order, scratch.settings(), alembic.program().urls(), tlsFiles, surroundings.searchPath());
  }

  /** Runs the image's Alembic in the project as it is. */
  Optional<ProgramFailure> alembic(List<String> arguments, ProgramEnvironment environment)
      throws IOException {
    var command = new ArrayList<>(alembic.program().command());
    command.addAll(arguments);
    return works
        .commands()
        .run(
            new HandsRequest(
                command,
                environment.variables(),
                alembic.config(),
                null,
                environment.urlsByDriver()),
            environment.settings());
  }

  /**
   * Runs the image's Alembic where it can write.
   *
   * @param metadata where the models are, for the first revision; null for the next one
   */
  Optional<ProgramFailure> draft(
      List<String> arguments, @Nullable String metadata, ProgramEnvironment environment)
      throws IOException {
    var program = alembic.program();
    var command = new ArrayList<>(program.python());
    command.add(works.shared().write(ImageScript.DRAFTS));
    command.addAll(program.command());
    command.addAll(arguments);
    var variables = new LinkedHashMap<>(environment.variables());
    variables.put("TUNETRAIL_CONFIG", alembic.config());
    if (metadata != null) {
      variables.put("TUNETRAIL_METADATA", metadata);
    }
    return works
        .commands()
        .run(
            new HandsRequest(
                command,
                variables,
                alembic.config(),
                null,
                metadata == null ? environment.urlsByDriver() : environment.urlsOfOwnDriver()),
            environment.settings());
  }

  private static WorkResult result(Optional<ProgramFailure> failure) {
    return failure
        .map(it -> WorkResult.failed(it.outcome(), it.message()))
        .orElseGet(() -> new WorkResult(Outcome.DONE, null, null, 0, null));
  }

  private static WorkResult unavailable(String detail) {
    return WorkResult.failed(Outcome.SCRATCH_UNAVAILABLE, detail);
  }
}
