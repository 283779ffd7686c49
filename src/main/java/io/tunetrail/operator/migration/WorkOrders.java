package io.tunetrail.operator.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes the order that a Job's container finds in its environment. */
final class WorkOrders {
  /** Longest wait for the database's lock; then the next attempt queues anew. */
  private static final Duration FENCE_TIMEOUT = Duration.ofMinutes(5);

  /** A pod whose locale is POSIX would read other letters of a variable as question marks. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private WorkOrders() {}

  static String json(
      TuneTrailDatabase resource,
      Desired desired,
      Work work,
      @Nullable AlembicSettings alembic,
      @Nullable ProgramSettings program,
      @Nullable ConnectionSpec scratch,
      @Nullable String approvedBy,
      @Nullable String argument) {
    var metadata = resource.getMetadata();
    var order =
        new WorkOrder(
            metadata.getNamespace() + "/" + metadata.getName(),
            metadata.getUid(),
            work.jobName(metadata.getName()),
            work.task(),
            desired.edition(),
            desired.environment(),
            resource.getSpec().connection(),
            desired.flyway(),
            alembic,
            alembic == null ? program : null,
            scratch,
            work.scriptsDigest(),
            work.from(),
            work.target(),
            desired.limits().lockTimeout().toMillis(),
            desired.limits().statementTimeout().toMillis(),
            FENCE_TIMEOUT.toMillis(),
            desired.retry(),
            approvedBy,
            desired.approval() == null ? null : desired.approval().digest(),
            argument,
            work.task() == Task.LOOK ? OtherHistories.of(resource, desired) : null,
            work.planned(),
            work.task() == Task.LOOK && !desired.drift().ignored().isEmpty()
                ? desired.drift().ignored()
                : null,
            resource.getSpec().requestedBy(),
            work.database());
    try {
      return JSON.writeValueAsString(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
