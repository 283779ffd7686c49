package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.SQLException;
import java.util.Optional;

/** Fixtures, once for each change of them or of the schema. */
final class Seed implements Work {

  @Override
  public boolean simpleMode() {
    return true;
  }

  @Override
  public WorkResult run(Site site) throws SQLException {
    var order = site.order();
    if (order.environment() == Environment.PRODUCTION) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "fixtures are for development and staging, never for production");
    }
    var history = new WorkHistory(site.fence(), null);
    history.open(site.settings());
    if (history.seedDigest(order.resourceUid()).equals(Optional.of(order.inputsDigest()))) {
      site.log().line("all of it is put in already");
      return new WorkResult(Outcome.DONE, null, null, 0, null);
    }
    return new OneTransaction(site, Task.SEED, Outcome.SEED_FAILED).run(history);
  }
}
