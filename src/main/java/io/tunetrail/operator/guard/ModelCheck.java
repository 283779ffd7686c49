package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the image's own Alembic says of its models and the live database; it only reads. */
record ModelCheck(Works works, WorkOrder order, AlembicSettings alembic) {
  private static final String READ_ONLY = " -c default_transaction_read_only=on";

  /** How it ended. */
  sealed interface Answer {

    /**
     * The two were compared.
     *
     * @param differences in words; empty where the database has all that the models have
     * @param besides the tables and indexes that only the database has
     */
    record Compared(List<String> differences, List<String> besides) implements Answer {}

    /** They could not be: there are no models, or Alembic failed. */
    record Failed(ProgramFailure failure) implements Answer {}
  }

  /** Compares at the revision that the database says it has. */
  Answer stamped() throws IOException {
    return answer(false, null);
  }

  /** Compares a database that has no revision as if it had the image's newest ones. */
  Answer unstamped() throws IOException {
    return answer(true, order.inputsDigest());
  }

  private Answer answer(boolean unstamped, @Nullable String scripts) throws IOException {
    var program = alembic.program();
    var environment =
        new ProgramEnvironment(
            order, works.settings(), program.urls(), works.tlsFiles(), List.of());
    var variables = new LinkedHashMap<>(environment.variables());
    variables.merge("PGOPTIONS", READ_ONLY, String::concat);
    variables.put("TUNETRAIL_UNSTAMPED", unstamped ? "1" : "0");
    var command = new ArrayList<>(program.python());
    command.add(works.shared().write(ImageScript.CHECKS));
    command.addAll(program.command());
    command.add("check");
    var request =
        new HandsRequest(command, variables, alembic.config(), scripts, environment.urlsByDriver());
    var failure = works.commands().run(request, works.settings());
    return failure.isPresent() ? new Answer.Failed(failure.get()) : works.shared().differences();
  }
}
