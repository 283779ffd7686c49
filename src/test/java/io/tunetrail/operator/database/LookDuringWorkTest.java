package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestSpecs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look tells of a work that begins after it asked who works. */
@Timeout(120)
class LookDuringWorkTest extends Looking {
  private static final WorkHistory.Entry ENTRY = TestSpecs.work("migrate", "karaoke-migrate-1");

  @Test
  void a_version_comes_with_the_work_that_made_it() throws SQLException {
    var facts =
        lookingWhile(
            () -> {
              try (var fence = fence()) {
                var history = new WorkHistory(fence, "public");
                history.open(database.settings());
                long row = history.begin(ENTRY);
                flywayMigrates(songs(), settings(null, null));
                history.finish(row, "Done", "1", List.of("1"));
              }
            });

    assertThat(facts.schema())
        .asInstanceOf(type(SchemaState.Flyway.class))
        .extracting(SchemaState.Flyway::current)
        .isEqualTo("1");
    assertThat(work(facts).job()).isEqualTo("karaoke-migrate-1");
    assertThat(work(facts).outcome()).isEqualTo("Done");
  }

  @Test
  void a_work_that_has_just_begun_is_not_lost() throws SQLException {
    try (var fence = fence()) {
      new WorkHistory(fence, "public").open(database.settings());
    }
    var held = new Fence[1];

    var facts =
        lookingWhile(
            () -> {
              held[0] = fence();
              new WorkHistory(held[0], "public").begin(ENTRY);
            });

    held[0].close();
    assertThat(facts.fenceHolder()).isNull();
    assertThat(work(facts).outcome()).isEqualTo("Running");
    assertThat(work(facts(settings(null, null), songs())).outcome()).isEqualTo("JobLost");
  }

  private interface Work {
    void run() throws SQLException, InvalidScripts;
  }

  /** What a look tells during which a work is done, just before Flyway reads its history. */
  private DatabaseFacts lookingWhile(Work work) throws SQLException {
    var request = new LookRequest("uid-1", settings(null, null), null, songs());
    try (var sessions =
        new LookSessions(database.settings(), "look", Duration.ofSeconds(60)) {
          @Override
          Connection openReadOnly() throws SQLException {
            try {
              work.run();
            } catch (InvalidScripts e) {
              throw new AssertionError(e);
            }
            return super.openReadOnly();
          }
        }) {
      return seen(new DatabaseLook(sessions, database.settings(), request, new LookCache()).take());
    }
  }

  private Fence fence() throws SQLException {
    var attempt =
        Fence.acquire(
            database.settings(), "tunetrail/karaoke-migrate-1", Duration.ofSeconds(10), false);
    return ((Fence.Attempt.Held) attempt).fence();
  }

  private static ScriptSet songs() {
    return scripts("V1__songs.sql", SONGS);
  }

  private static LastMigration work(DatabaseFacts facts) {
    return Objects.requireNonNull(facts.lastWork());
  }
}
