package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.testing.HostileSchema;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guard asks PostgreSQL, and nobody who put names of the same kind before its own. */
@Timeout(180)
class HostileSearchPathTest {
  private final TestDatabase database = TestDatabase.create();

  @Test
  void fault_49_nothing_of_a_guards_is_shadowed() throws IOException, SQLException {
    database
        .server()
        .execute(
            database.name(),
            "CREATE TABLE public.alembic_version AS SELECT 'a1'::varchar AS version_num;"
                + "GRANT ALL ON public.alembic_version TO PUBLIC");
    var hostile = HostileSchema.plantIn(database);
    database
        .server()
        .execute(database.name(), "ALTER TABLE public.alembic_version SET SCHEMA evil");
    try (var pod =
        new TestPod(database, Task.MIGRATE)
            .graph(TestOrders.graph("a1", "b2"))
            .way("a1", "b2")
            .limits(200, 0)
            .start()) {
      pod.request(1);
      endsWhoWaitsForALock(pod);
      database
          .server()
          .execute(database.name(), "UPDATE evil.alembic_version SET version_num = 'b2'");
      pod.answer(1, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(pod.report().to()).isEqualTo("b2");
      assertThat(hostile.noted()).isEmpty();
    }
  }

  private void endsWhoWaitsForALock(TestPod pod) throws SQLException {
    database.server().execute(database.name(), "CREATE TABLE public.songs ()");
    database.server().execute(database.name(), "GRANT ALL ON public.songs TO PUBLIC");
    try (var holder = database.connect();
        var lock = holder.createStatement();
        var program = pod.program();
        var waiter = program.createStatement()) {
      holder.setAutoCommit(false);
      program.setAutoCommit(false);
      lock.execute("LOCK TABLE public.songs");
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> waiter.execute("LOCK TABLE public.songs")))
          .isInstanceOf(SQLException.class);
      await().atMost(TestPod.PATIENCE).until(() -> pod.log().contains("and was ended"));
      holder.rollback();
    }
  }
}
