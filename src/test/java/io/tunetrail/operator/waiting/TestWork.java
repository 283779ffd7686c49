package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestSpecs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the pods of Jobs leave in tunetrail.history. */
record TestWork(TestDatabase database) {

  /** A migration that ended. */
  void migrated(@Nullable String schema, String outcome, String... versions) {
    ended("migrate", schema, outcome, versions);
  }

  /** Any work that ended; {@code versions} are all that the schema has then. */
  void ended(String work, @Nullable String schema, String outcome, String... versions) {
    try (var fence = fence()) {
      var history = new WorkHistory(fence, schema);
      history.open(database.settings());
      var version = versions.length == 0 ? null : versions[versions.length - 1];
      history.finish(history.begin(entry(work)), outcome, version, List.of(versions));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A migration whose end nobody has noted. */
  void begun(String schema) {
    try (var fence = fence()) {
      var history = new WorkHistory(fence, schema);
      history.open(database.settings());
      history.begin(entry("migrate"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Fence fence() throws SQLException {
    var attempt = Fence.acquire(database.settings(), "test", Duration.ofSeconds(30), false);
    assertThat(attempt).isInstanceOf(Fence.Attempt.Held.class);
    return ((Fence.Attempt.Held) attempt).fence();
  }

  private static WorkHistory.Entry entry(String work) {
    return TestSpecs.work(work, "karaoke-job-1");
  }
}
