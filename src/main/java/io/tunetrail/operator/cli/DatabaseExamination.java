package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.reconcile.InputReader;
import io.tunetrail.operator.reconcile.InputReader.MissingInput;
import io.tunetrail.operator.status.Conditions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what a resource says and at what it names. */
record DatabaseExamination(Cluster cluster, Database database) {
  private static final int FORBIDDEN = 403;

  /**
   * All that there is to say.
   *
   * @param options of the Job that asks the database
   * @param progress told what is waited for
   */
  List<Check> checks(JobOptions options, PrintWriter progress) {
    var checks = new ArrayList<Check>();
    var connection = connection();
    checks.add(connection);
    checks.add(state(database));
    reachable(database).ifPresent(checks::add);
    checks.addAll(
        cluster
            .jobs(database)
            .map(DatabaseExamination::jobs)
            .orElseGet(
                () ->
                    List.of(
                        Check.warn(
                            "jobs",
                            "you may not list Jobs and pods of namespace " + database.namespace(),
                            "Ask somebody who may to run this."))));
    if (!connection.isFailure()) { // else a Job's pod would wait for what is missing
      checks.addAll(asked(options, progress));
    }
    return checks;
  }

  /** What the database itself says, by a Job. */
  private List<Check> asked(JobOptions options, PrintWriter progress) {
    String image;
    try {
      image = options.image(cluster);
    } catch (CommandFailure e) {
      return List.of(Check.warn("server", "is not asked: " + e.getMessage(), ""));
    }
    var job =
        new JobExamination(cluster, image, options.timeout(JobExamination.PATIENCE), progress);
    try {
      var role = job.role(database.resource());
      return switch (role.answer()) {
        case RoleLook.Answer.Refused refused -> List.of(RoleVerdicts.refused(refused));
        case RoleLook.Answer.Told(var found) -> RoleVerdicts.of(found, role.at());
      };
    } catch (CommandFailure e) {
      return List.of(Check.fail("server", "can't be asked: " + e.getMessage(), ""));
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      return List.of(
          Check.warn(
              "server",
              "you may not run Jobs in namespace %s, by which the database is asked"
                  .formatted(database.namespace()),
              "Ask somebody who may to run this."));
    }
  }

  /** The way to the database as the operator would read it; no value of the Secret is told. */
  private Check connection() {
    var spec = database.resource().getSpec();
    var connection = spec.connection();
    var inputs = new InputReader(cluster.client());
    var namespace = database.namespace();
    try {
      var resolution =
          ConnectionSettings.resolve(
              connection,
              spec.environment(),
              namespace,
              inputs.secret(namespace, connection.secretRef().name()),
              inputs.authority(namespace, connection.caRef()),
              inputs.clientCertificate(namespace, connection.clientCertificateRef()));
      return switch (resolution) {
        case Resolution.Resolved _ ->
            Check.ok("secret", "%s has what it needs".formatted(connection.secretRef().name()));
        case Resolution.Refused refused ->
            Check.fail("secret", refused.detail(), refused.reason().remedy());
      };
    } catch (MissingInput missing) {
      return Check.fail("secret", missing.detail(), missing.reason().remedy());
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      return Check.warn(
          "secret",
          "you may not read Secret %s".formatted(connection.secretRef().name()),
          "The operator may; the other lines say what it found.");
    }
  }

  /** The operator's word, which has its own remedy. */
  static Check state(Database database) {
    if (!database.isSeen()) {
      return Check.warn(
          "state",
          StateText.of(database, Style.PLAIN),
          "Look whether the operator runs and serves this namespace (WATCH_NAMESPACES).");
    }
    var words =
        "%s: %s"
            .formatted(
                StateText.reason(database),
                database.condition(Conditions.READY).map(Condition::message).orElse(""));
    var kind = database.reason().map(Reason::kind);
    if (kind.isEmpty()) {
      return Check.warn("state", words, "Take the command line of the operator's version.");
    }
    return switch (kind.get()) {
      case READY, WORKING, GATED -> Check.ok("state", words);
      case HEALING -> Check.warn("state", words, "");
      case STALLED -> Check.fail("state", words, "");
    };
  }

  /** Empty where the operator has not said anything about it, or what it says is the state. */
  static Optional<Check> reachable(Database database) {
    return database
        .condition(Conditions.DATABASE_REACHABLE)
        .map(
            it ->
                switch (it.status()) {
                  case "True" -> Check.ok("database", it.message());
                  case "False" -> Check.fail("database", it.message(), "");
                  default -> Check.warn("database", it.message(), "");
                });
  }

  /** Those whose pods don't start. */
  static List<Check> jobs(List<ObservedJob> jobs) {
    var blocked =
        jobs.stream()
            .<Check>mapMulti(
                (job, checks) -> {
                  if (job.state() instanceof Blocked it) {
                    checks.accept(
                        Check.fail(
                            "jobs",
                            "%s: %s: %s".formatted(job.name(), it.reason(), it.detail()),
                            it.reason().remedy()));
                  }
                })
            .toList();
    return blocked.isEmpty() ? List.of(Check.ok("jobs", "none is stuck")) : blocked;
  }
}
