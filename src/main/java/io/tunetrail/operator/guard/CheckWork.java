package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;

/** Where the image's models and the live database differ; reads only. */
record CheckWork(Works works, WorkOrder order, AlembicSettings alembic) {

  WorkResult run() throws IOException {
    return switch (new ModelCheck(works, order, alembic).stamped()) {
      case ModelCheck.Answer.Compared compared ->
          compared.differences().isEmpty() && compared.besides().isEmpty()
              ? new WorkResult(Outcome.DONE, null, null, 0, null)
              : WorkResult.failed(Outcome.SCHEMA_DIFFERS, "the models and the database differ");
      case ModelCheck.Answer.Failed failed -> unable(failed.failure());
    };
  }

  private static WorkResult unable(ProgramFailure failure) {
    var message = failure.message();
    if (message.contains("Target database is not up to date")) {
      return WorkResult.failed(
          failure.outcome(),
          "the database is not at the image's newest revision; migrate it first");
    }
    if (message.contains("invalid choice: 'check'")) {
      return WorkResult.failed(
          failure.outcome(), "the image's Alembic has no check, which came with Alembic 1.9");
    }
    if (message.contains("does not provide a MetaData object")) {
      return WorkResult.failed(
          failure.outcome(), "there are no models to compare with: env.py sets no target_metadata");
    }
    if (failure.outcome() == Outcome.READ_ONLY_REPLICA) {
      return WorkResult.failed(
          failure.outcome(), "the image's env.py would write to the database: " + message);
    }
    return WorkResult.failed(failure.outcome(), message);
  }
}
