package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Where the image's models and the live database differ; reads only. */
record CheckWork(Works works, WorkOrder order, AlembicSettings alembic) {
  /** Drivers over libpq heed it; asyncpg does not. */
  private static final String READ_ONLY = " -c default_transaction_read_only=on";

  WorkResult run() throws IOException {
    var program = alembic.program();
    var environment =
        new ProgramEnvironment(
            order, works.settings(), program.urls(), works.tlsFiles(), List.of());
    var variables = new LinkedHashMap<>(environment.variables());
    variables.merge("PGOPTIONS", READ_ONLY, String::concat);
    var command = new ArrayList<>(program.command());
    command.add("check");
    var request =
        new HandsRequest(command, variables, alembic.config(), null, environment.urlsByDriver());
    return works
        .commands()
        .run(request, works.settings())
        .map(CheckWork::differing)
        .orElseGet(() -> new WorkResult(Outcome.DONE, null, null, 0, null));
  }

  private static WorkResult differing(ProgramFailure failure) {
    var message = failure.message();
    if (message.contains("New upgrade operations detected")) {
      return WorkResult.failed(Outcome.SCHEMA_DIFFERS, "the models and the database differ");
    }
    if (message.contains("Target database is not up to date")) {
      return WorkResult.failed(
          failure.outcome(),
          "the database is not at the image's newest revision; migrate it first");
    }
    if (message.contains("invalid choice: 'check'")) {
      return WorkResult.failed(
          failure.outcome(), "the image's Alembic has no check, which came with Alembic 1.9");
    }
    if (failure.outcome() == Outcome.READ_ONLY_REPLICA) {
      return WorkResult.failed(
          failure.outcome(), "the image's env.py would write to the database: " + message);
    }
    return WorkResult.failed(failure.outcome(), message);
  }
}
