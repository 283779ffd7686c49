package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.lifecycle.Desired;
import java.util.ArrayList;
import java.util.List;

/** Where the engines that the spec names, and its edition does not take, keep their history. */
public final class OtherHistories {
  private OtherHistories() {}

  public static List<HistoryTable> of(TuneTrailDatabase resource, Desired desired) {
    var schema = resource.getSpec().schema();
    var others = new ArrayList<HistoryTable>();
    if (schema.flyway() != null && desired.flyway() == null) {
      others.add(FlywaySettings.of(schema.flyway(), null).history());
    }
    if (schema.alembic() != null && desired.alembic() == null) {
      others.add(AlembicSettings.of(schema.alembic()).history());
    }
    return others;
  }
}
