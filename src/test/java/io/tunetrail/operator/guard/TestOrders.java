package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.UrlVariable;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.WorkOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders for a program in an image of the user's. */
final class TestOrders {
  private TestOrders() {}

  /** What an order says besides what every test says alike. */
  record Wish(
      String job,
      Task task,
      List<String> command,
      @Nullable String from,
      @Nullable String target,
      @Nullable String role,
      boolean scratch,
      long lockTimeoutMillis,
      long statementTimeoutMillis) {

    static Wish of(String job, Task task) {
      return new Wish(job, task, List.of("alembic"), null, null, null, false, 0, 0);
    }
  }

  static WorkOrder order(Wish wish) {
    boolean alembic = wish.task() != Task.CREATE_ALL && wish.task() != Task.SEED;
    var program =
        new ProgramSettings(
            "registry.example.org/karaoke:1",
            wish.command(),
            List.of("python"),
            null,
            List.of(new UrlVariable("DATABASE_URL", Driver.PSYCOPG), new UrlVariable("DSN", null)));
    return new WorkOrder(
        "music/karaoke",
        "uid-1",
        wish.job(),
        wish.task(),
        alembic ? Edition.COMMERCIAL : Edition.COMMUNITY,
        Environment.STAGING,
        connection("karaoke-db", wish.role()),
        null,
        alembic ? new AlembicSettings(program, "alembic.ini", null, "alembic_version", null) : null,
        alembic ? null : program,
        wish.scratch() ? connection("scratch-db", null) : null,
        "sha256:scripts",
        wish.from(),
        wish.target(),
        wish.lockTimeoutMillis(),
        wish.statementTimeoutMillis(),
        1000,
        null,
        "dba@example.org",
        null,
        wish.task() == Task.SETUP ? "models:Base.metadata" : null,
        null,
        wish.task() == Task.PLAN ? Task.MIGRATE : null,
        null,
        null,
        null);
  }

  private static ConnectionSpec connection(String secret, @Nullable String role) {
    return new ConnectionSpec(new LocalReference(secret), null, null, null, role, null, null);
  }

  /** Revisions that build on each other in this order. */
  static RevisionGraph graph(String... ids) {
    var revisions = new ArrayList<Revision>();
    for (int at = 0; at < ids.length; at++) {
      var down = at == 0 ? List.<String>of() : List.of(ids[at - 1]);
      revisions.add(
          new Revision(ids[at], down, List.of(), List.of(), "revision " + ids[at], "sha256:" + at));
    }
    return new RevisionGraph(revisions, "sha256:scripts", "sha256:environment");
  }
}
