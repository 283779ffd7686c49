package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The project's next revision: what its models have and its revisions do not make. */
record GenerateWork(Works works, WorkOrder order, AlembicSettings alembic) {

  WorkResult run() throws IOException, SQLException {
    var database = new DraftDatabase(works, order, alembic);
    return database.write(
        (environment, _) -> {
          var failure = database.alembic(List.of("upgrade", "heads"), environment);
          return failure.isPresent()
              ? failure.map(this::beforeTheDraft)
              : database.draft(arguments(), null, environment);
        });
  }

  private List<String> arguments() {
    var message = Objects.requireNonNullElse(order.argument(), "");
    var arguments = new ArrayList<>(List.of("revision", "--autogenerate", "-m", message));
    if (alembic.branch() != null) {
      arguments.addAll(List.of("--head", alembic.branch() + "@head"));
    }
    return arguments;
  }

  private ProgramFailure beforeTheDraft(ProgramFailure failure) {
    return new ProgramFailure(
        failure.outcome(),
        failure.outcome() == Outcome.ALEMBIC_NOT_CONFIGURED
            ? "the image has no project of Alembic in %s: %s; setup makes one"
                .formatted(alembic.config(), failure.message())
            : "the revisions that are there do not run: " + failure.message());
  }
}
