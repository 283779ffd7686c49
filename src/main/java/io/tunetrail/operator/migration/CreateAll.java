package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.SQLException;
import java.util.Optional;

/** Creates what is missing, once for each change of the files. */
final class CreateAll implements Work {

  @Override
  public boolean simpleMode() {
    return true;
  }

  @Override
  public WorkResult run(Site site) throws SQLException {
    var history = new WorkHistory(site.fence(), null);
    history.open(site.settings());
    if (history.createAllDigest().equals(Optional.of(site.order().inputsDigest()))) {
      site.log().line("all of it is applied already");
      return new WorkResult(Outcome.DONE, null, null, 0, null);
    }
    return new OneTransaction(site, Task.CREATE_ALL, Outcome.SQL_FAILED).run(history);
  }
}
