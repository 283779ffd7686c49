package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.LookBy;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.engine.Scripts;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.DriftMemory;
import io.tunetrail.operator.lifecycle.Inspection;
import io.tunetrail.operator.lifecycle.JobLooks;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.Observed.Memory;
import io.tunetrail.operator.migration.KeptContent;
import io.tunetrail.operator.migration.KeptPlan;
import io.tunetrail.operator.migration.OtherHistories;
import io.tunetrail.operator.migration.ScriptSources;
import io.tunetrail.operator.reconcile.InputReader.MissingInput;
import io.tunetrail.operator.status.Conditions;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gathers what the decision may know: the scripts, the database, the Jobs, the clock. */
final class Observer {
  private final InputReader inputs;
  private final Inspector inspector;
  private final Bulkhead bulkhead;
  private final LookLogs lookLogs;
  private final ApprovalAdmission admission;
  private final Rivals rivals = new Rivals();
  private final Map<String, Instant> refusedSince = new ConcurrentHashMap<>();
  private final Signals signals;
  private final Clock clock;

  Observer(
      InputReader inputs,
      Inspector inspector,
      Bulkhead bulkhead,
      LookLogs lookLogs,
      ApprovalAdmission admission,
      Signals signals,
      Clock clock) {
    this.inputs = inputs;
    this.inspector = inspector;
    this.bulkhead = bulkhead;
    this.lookLogs = lookLogs;
    this.admission = admission;
    this.signals = signals;
    this.clock = clock;
  }

  /**
   * What there is to know of a resource.
   *
   * @param jobs its own, gathered before the look: a Job seen ended is seen in the database
   * @param all every resource that there is
   */
  Observed observe(
      TuneTrailDatabase resource,
      Desired desired,
      JobLooks jobs,
      Collection<TuneTrailDatabase> all) {
    lookLogs.keepOnly(all);
    Look look;
    Inspection inspection = new Inspection.NotNeeded();
    String digest = "";
    String seedDigest = null;
    PlanStatus plan = null;
    try {
      var kept = kept(resource, desired);
      inspection = inspection(resource, desired, kept);
      plan = KeptPlan.newest(kept, resource.getMetadata().getUid()).orElse(null);
      var scripts = scripts(resource, desired, inspection);
      digest = digest(desired, inspection, scripts);
      seedDigest = seedDigest(resource, desired);
      look = look(resource, desired, scripts, jobs);
    } catch (MissingInput missing) {
      look = new Look.Unseen(missing.reason(), missing.detail());
    } catch (KubernetesClientException failure) {
      var refused = Forbidden.verdict(failure).orElseThrow(() -> failure);
      look = new Look.Unseen(refused.reason(), refused.detail());
    }
    signals.metrics().looked(resource, look);
    noteTime(resource, look, jobs, all);
    return new Observed(
        clock.instant(),
        digest,
        look,
        inspection,
        seedDigest,
        jobs.works(),
        rival(resource, look, all),
        desired.gated() && admission.isInForce(resource.getMetadata().getNamespace()),
        memory(resource, look),
        plan);
  }

  /** What a Job saw is as old as the Job, however often it is read. */
  private void noteTime(
      TuneTrailDatabase resource, Look look, JobLooks jobs, Collection<TuneTrailDatabase> all) {
    var now = clock.instant();
    var at =
        resource.getSpec().connection().look() == LookBy.JOB ? jobs.lastEnd() : Optional.of(now);
    signals.looks().note(resource, look, at.orElse(now));
    signals.looks().keepOnly(all);
  }

  /** Nothing is asked for where nothing can be kept. */
  private List<ConfigMap> kept(TuneTrailDatabase resource, Desired desired) {
    boolean planned = resource.getStatus() != null && resource.getStatus().plan() != null;
    boolean asked = desired.asksForPlan(answered(resource));
    return desired.imageSource() != null || desired.plans() || planned || asked
        ? inputs.kept(resource)
        : List.of();
  }

  private static @Nullable PlanRequestStatus answered(TuneTrailDatabase resource) {
    return resource.getStatus() == null ? null : resource.getStatus().planRequest();
  }

  private static Inspection inspection(
      TuneTrailDatabase resource, Desired desired, List<ConfigMap> kept) {
    var source = desired.imageSource();
    return source == null
        ? new Inspection.NotNeeded()
        : KeptContent.newest(kept, resource.getMetadata().getUid(), source)
            .<Inspection>map(it -> it)
            .orElseGet(Inspection.Missing::new);
  }

  private Scripts scripts(TuneTrailDatabase resource, Desired desired, Inspection inspection)
      throws MissingInput {
    return inspection instanceof Inspection.Known(ScriptListing listing, _, _)
        ? listing
        : scripts(resource, ScriptSources.ofSchema(resource, desired));
  }

  private ScriptSet scripts(TuneTrailDatabase resource, List<LocalReference> configMaps)
      throws MissingInput {
    return inputs.scripts(resource.getMetadata().getNamespace(), configMaps);
  }

  /** Of what makes the schema: scripts, a program of an image, or the revisions in one. */
  private static String digest(Desired desired, Inspection inspection, Scripts scripts) {
    if (desired.createAll() != null) {
      return desired.createAll().digest();
    }
    return switch (inspection) {
      case Inspection.NotNeeded _ -> scripts.digest();
      case Inspection.Missing _ -> "";
      case Inspection.Known known -> known.content().scripts();
    };
  }

  private @Nullable String seedDigest(TuneTrailDatabase resource, Desired desired)
      throws MissingInput {
    var seed = desired.seed();
    if (seed == null) {
      return null;
    }
    return seed.program() == null
        ? scripts(resource, ScriptSources.ofSeed(resource)).digest()
        : seed.program().digest();
  }

  /**
   * What may pass is met twice before it counts: a password that was just rotated, for which the
   * Secret is read once more, and the silence of a server that has answered.
   */
  private Look look(TuneTrailDatabase resource, Desired desired, Scripts scripts, JobLooks jobs)
      throws MissingInput {
    var first = lookOnce(resource, desired, scripts, jobs);
    return first instanceof Look.Unseen unseen && mayPass(unseen.reason(), resource)
        ? lookOnce(resource, desired, scripts, jobs)
        : first;
  }

  private static boolean mayPass(Reason reason, TuneTrailDatabase resource) {
    return reason == Reason.AUTHENTICATION_FAILED
        || (reason == Reason.DATABASE_UNREACHABLE && wasReachable(resource.getStatus()));
  }

  private static boolean wasReachable(@Nullable TuneTrailDatabaseStatus status) {
    return status != null && Conditions.isTrue(status.conditions(), Conditions.DATABASE_REACHABLE);
  }

  private Look lookOnce(TuneTrailDatabase resource, Desired desired, Scripts scripts, JobLooks jobs)
      throws MissingInput {
    var namespace = resource.getMetadata().getNamespace();
    var connection = resource.getSpec().connection();
    var resolution =
        ConnectionSettings.resolve(
            connection,
            desired.environment(),
            namespace,
            inputs.secret(namespace, connection.secretRef().name()),
            inputs.authority(namespace, connection.caRef()),
            inputs.clientCertificate(namespace, connection.clientCertificateRef()));
    return switch (resolution) {
      case Resolution.Refused refused -> new Look.Unseen(refused.reason(), refused.detail());
      case Resolution.Resolved resolved ->
          connection.look() == LookBy.JOB
              ? byJob(resource, desired, resolved.settings(), scripts, jobs)
              : look(
                  resolved.settings(),
                  new LookRequest(
                      desired.uid(),
                      desired.flyway(),
                      desired.alembic(),
                      scripts,
                      OtherHistories.of(resource, desired),
                      desired.drift().ignored(),
                      monitoring(resource, desired, resolved.settings())));
    };
  }

  /**
   * How the login for monitoring goes the connection's way; what it lacks stops nothing. Null:
   * there is none.
   */
  private @Nullable Resolution monitoring(
      TuneTrailDatabase resource, Desired desired, ConnectionSettings way) {
    var monitoring = resource.getSpec().monitoring();
    if (monitoring == null) {
      return null;
    }
    var namespace = resource.getMetadata().getNamespace();
    try {
      var secret = inputs.secret(namespace, monitoring.secretRef().name());
      return way.asLogin(monitoring.secretRef(), desired.environment(), secret);
    } catch (MissingInput missing) {
      return new Resolution.Refused(missing.reason(), missing.detail());
    } catch (KubernetesClientException failure) {
      var refused = Forbidden.verdict(failure).orElseThrow(() -> failure);
      return new Resolution.Refused(refused.reason(), refused.detail());
    }
  }

  /** Opens no connection: where the operator's pod can't reach the database, Jobs look. */
  private Look byJob(
      TuneTrailDatabase resource,
      Desired desired,
      ConnectionSettings settings,
      Scripts scripts,
      JobLooks jobs) {
    var inputs =
        jobs.inputs(
            desired.uid(),
            resource.getMetadata().getGeneration(),
            settings.toString(),
            scripts.digest());
    var told = jobs.newest(inputs).map(it -> lookLogs.told(resource, it)).orElse(null);
    return jobs.look(desired.method(), inputs, scripts.digest(), told, clock.instant());
  }

  private Look look(ConnectionSettings settings, LookRequest request) {
    var server = settings.host() + ":" + settings.port();
    return signals
        .spans()
        .in(
            "look",
            Map.of("server.address", settings.host()),
            () ->
                bulkhead.look(
                    server,
                    () -> signals.metrics().timed(() -> inspector.look(settings, request))));
  }

  private @Nullable String rival(
      TuneTrailDatabase resource, Look look, Collection<TuneTrailDatabase> all) {
    return look instanceof Look.Seen seen
        ? rivals.olderThan(resource, seen.facts().identity(), all)
        : null;
  }

  private Memory memory(TuneTrailDatabase resource, Look look) {
    var since = refusedSince(resource.getMetadata().getUid(), look);
    var status = resource.getStatus();
    return status == null
        ? new Memory(null, null, null, false, since, DriftMemory.NONE)
        : new Memory(
            status.environment(),
            status.databaseIdentity(),
            status.approval(),
            wasReachable(status),
            since,
            DriftMemory.of(status),
            status.planRequest());
  }

  private @Nullable Instant refusedSince(String uid, Look look) {
    if (look instanceof Look.Due || look instanceof Look.UnderWay) {
      return refusedSince.get(uid);
    }
    if (look instanceof Look.Unseen unseen && unseen.reason() == Reason.AUTHENTICATION_FAILED) {
      return refusedSince.computeIfAbsent(uid, _ -> clock.instant());
    }
    refusedSince.remove(uid);
    return null;
  }
}
