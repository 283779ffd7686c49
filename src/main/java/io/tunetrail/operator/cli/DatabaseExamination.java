package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.reconcile.InputReader;
import io.tunetrail.operator.reconcile.InputReader.MissingInput;
import io.tunetrail.operator.status.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what a resource says and at what it names. */
record DatabaseExamination(Cluster cluster, Database database) {
  private static final int FORBIDDEN = 403;

  List<Check> checks() {
    var checks = new ArrayList<Check>();
    checks.add(connection());
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
    return checks;
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
