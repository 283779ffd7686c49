package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.lifecycle.Inspection;
import io.tunetrail.operator.lifecycle.Lifecycle;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.OtherHistories;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database that is looked at from here, and decided on as the operator decides. */
record LocalDatabase(LocalProject project) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * What there is to do, and what is to be said.
   *
   * @param database with the status that the operator would write
   * @param scriptsDigest of what would run, scripts or revisions
   */
  record Decided(Plan plan, Database database, String scriptsDigest) {}

  Decided decide() throws CommandFailure {
    var inspection = inspection();
    var observed =
        new Observed(
            Instant.now(),
            digest(inspection),
            look(),
            inspection,
            seedDigest(),
            List.of(),
            null,
            false,
            Observed.Memory.NONE,
            null);
    var plan = Lifecycle.plan(project.desired(), observed);
    var resource = project.resource();
    resource.setStatus(
        StatusFactory.next(
            null, resource.getMetadata().getGeneration(), project.desired(), observed, plan));
    return new Decided(plan, Database.of(Serialization.asJson(resource)), observed.scriptsDigest());
  }

  /** The project's revisions as they are now; they are no image's. */
  private Inspection inspection() throws CommandFailure {
    var alembic = project.desired().alembic();
    var python = project.python();
    return alembic == null || python == null
        ? new Inspection.NotNeeded()
        : new Inspection.Known(python.revisions(project.desired(), alembic), "local");
  }

  private String digest(Inspection inspection) {
    var createAll = project.desired().createAll();
    if (createAll != null) {
      return createAll.digest();
    }
    return inspection instanceof Inspection.Known known
        ? known.content().scripts()
        : project.scripts().digest();
  }

  private @Nullable String seedDigest() {
    var seed = project.desired().seed();
    if (seed == null) {
      return null;
    }
    return seed.program() == null ? project.seeds().digest() : seed.program().digest();
  }

  /** The way to it. */
  ConnectionSettings settings() throws CommandFailure {
    return switch (resolution()) {
      case Resolution.Resolved resolved -> resolved.settings();
      case Resolution.Refused refused ->
          throw new CommandFailure(new Verdict(refused.reason(), refused.detail()).message());
    };
  }

  private Resolution resolution() {
    return ConnectionSettings.resolve(
        project.resource().getSpec().connection(),
        project.desired().environment(),
        "",
        project.secret(),
        project.caPem(),
        null);
  }

  private Look look() {
    var desired = project.desired();
    return switch (resolution()) {
      case Resolution.Refused refused -> new Look.Unseen(refused.reason(), refused.detail());
      case Resolution.Resolved resolved ->
          new Inspector("tunetrail", TIMEOUT)
              .look(
                  resolved.settings(),
                  new LookRequest(
                      desired.uid(),
                      desired.flyway(),
                      desired.alembic(),
                      project.scripts(),
                      OtherHistories.of(project.resource(), desired),
                      desired.drift().ignored()));
    };
  }
}
