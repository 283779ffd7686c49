package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A project's first revision, which makes all that its models have. It runs on the scratch database
 * too, where it must make what the live one has: else that could not be adopted with it.
 */
record SetupWork(Works works, WorkOrder order, AlembicSettings alembic) {
  private static final List<String> FIRST = List.of("revision", "--autogenerate", "-m", "initial");
  private static final String DIFFERENT =
      "the first revision, made from the models, is not what the database has, so that adopting it"
          + " would be refused; change the revision until it is, and let generate write what the"
          + " models have besides";

  WorkResult run() throws IOException, SQLException {
    var metadata = order.argument();
    if (metadata == null) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "the order does not say where the models' metadata is");
    }
    var live = works.hold().ask(this::described);
    var database = new DraftDatabase(works, order, alembic);
    return database.write(
        (environment, scratch) -> {
          var failure = database.draft(FIRST, metadata, environment);
          return failure.isPresent() ? failure.map(this::failed) : compared(scratch, live);
        });
  }

  private ProgramFailure failed(ProgramFailure failure) {
    return works.shared().isDrafted()
        ? new ProgramFailure(
            failure.outcome(), "the first revision does not run as it is: " + failure.message())
        : failure;
  }

  /** A database without tables has nothing to adopt, and models without any make no revision. */
  private Optional<ProgramFailure> compared(Scratch scratch, SchemaDescription live)
      throws SQLException {
    SchemaDescription drafted;
    try (var connection = scratch.open()) {
      drafted = described(connection);
    }
    if (live.tables().isEmpty() || drafted.tables().isEmpty()) {
      return Optional.empty();
    }
    var differences = new ArrayList<>(drafted.differences(live));
    drafted.tablesBesides(live).forEach(it -> differences.add(it + " is not in the models"));
    return ProgramFailure.differing(DIFFERENT, differences);
  }

  private SchemaDescription described(Connection connection) throws SQLException {
    return SchemaDescription.read(
        connection, SchemaDescription.userSchemas(connection), List.of(alembic.versionTable()));
  }
}
