package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.status.Conditions;
import java.util.HashMap;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * What there is to approve.
 *
 * @param version that an approval names
 * @param digest of exactly what would run
 * @param back whether the database loses versions
 */
record Offer(Database database, String version, String digest, boolean back) {
  /** What the empty schema before the first version is called. */
  private static final String BASE = "base";

  /** Where the versions of a project are read; Alembic's alone tell which way the target is. */
  interface Lines {
    VersionLine of(TuneTrailDatabase resource, Desired desired) throws CommandFailure;
  }

  /** Why there is nothing to approve; empty where there is. */
  static Optional<String> objection(Database database) {
    var name = database.name();
    if (!Desired.from(database.resource()).gated()) {
      return Optional.of(
          "%s needs no approval: edition %s in %s runs by itself"
              .formatted(
                  name,
                  database.resource().getSpec().edition(),
                  database.resource().getSpec().environment()));
    }
    if (!database.isSeen()) {
      return Optional.of(
          "the operator has not looked at the newest spec of %1$s yet; wait for it: kubectl tunetrail wait %1$s --for approval"
              .formatted(name));
    }
    return database.awaitsApproval() ? Optional.empty() : Optional.of(elsewise(database));
  }

  private static String elsewise(Database database) {
    var message = database.condition(Conditions.READY).map(Condition::message).orElse("");
    return database.isReady()
        ? "nothing of %s waits for an approval: %s".formatted(database.name(), message)
        : "%s does not wait for an approval but says %s: %s"
            .formatted(database.name(), StateText.reason(database), message);
  }

  /** What it is, or why there is none. */
  static Offer of(Database database, Lines lines) throws CommandFailure {
    var objection = objection(database);
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    var status = Objects.requireNonNull(database.status());
    return new Offer(
        database,
        Objects.requireNonNullElse(status.targetVersion(), BASE),
        digest(database),
        goesBack(database, status.migrationVersion(), status.targetVersion(), lines));
  }

  private static String digest(Database database) throws CommandFailure {
    var status = Objects.requireNonNull(database.status());
    var plan = database.extras().plan();
    var digest =
        bindsPlan(database) ? (plan == null ? null : plan.digest()) : status.pendingDigest();
    if (digest == null) {
      throw new CommandFailure(
          "the status of %s names no digest to approve yet; see kubectl tunetrail status %s"
              .formatted(database.name(), database.name()));
    }
    return digest;
  }

  /** Whether an approval names the plan's digest, else that of what is pending. */
  private static boolean bindsPlan(Database database) {
    var mode = database.json().at("/spec/migration/approval").asText("");
    return switch (mode) {
      case "Plan" -> true;
      case "Version" -> false;
      default -> database.extras().plan() != null;
    };
  }

  private static boolean goesBack(
      Database database, @Nullable String current, @Nullable String target, Lines lines)
      throws CommandFailure {
    var desired = Desired.from(database.resource());
    return switch (desired.method()) {
      case CREATE_ALL -> false;
      case FLYWAY ->
          current != null
              && target != null
              && MigrationVersion.fromVersion(target)
                      .compareTo(MigrationVersion.fromVersion(current))
                  < 0;
      case ALEMBIC -> {
        var line = lines.of(database.resource(), desired);
        yield switch (line.resolve(
            new TargetRequest.Named(Objects.requireNonNullElse(target, BASE)))) {
          case Answer.Found(Move move) -> move.goesBack();
          case Answer.Refused(String message) -> throw new CommandFailure(message);
        };
      }
    };
  }

  /** Whether another look found the same to approve. */
  boolean isSameAs(Offer other) {
    return version.equals(other.version)
        && digest.equals(other.digest)
        && back == other.back
        && Objects.equals(
            database.resource().getMetadata().getGeneration(),
            other.database.resource().getMetadata().getGeneration());
  }

  boolean isDestructive() {
    var plan = database.extras().plan();
    return plan != null && Boolean.TRUE.equals(plan.destructive());
  }

  /** The change that approves it; nothing of an earlier approval stays. */
  Change approval(String approvedBy, ApprovalTerms terms) {
    var approval = new HashMap<String, @Nullable Object>();
    database
        .json()
        .at("/spec/approval")
        .fieldNames()
        .forEachRemaining(it -> approval.put(it, null));
    approval.put("version", version);
    approval.put("digest", digest);
    approval.put("approvedBy", approvedBy);
    approval.put("comment", terms.comment);
    approval.put("undo", back ? true : null);
    if (terms.notBefore != null) {
      approval.put("notBefore", terms.notBefore.toString());
    }
    if (terms.notAfter != null) {
      approval.put("notAfter", terms.notAfter.toString());
    }
    if (terms.destructive) {
      approval.put("destructive", true);
    }
    var spec = new HashMap<String, @Nullable Object>();
    spec.put("approval", approval);
    return new Change(spec, Rejection.cleared(database));
  }

  /** What an approval of it lets run. */
  String words() {
    var status = Objects.requireNonNull(database.status());
    var spec = database.resource().getSpec();
    return "%s in namespace %s (%s, %s): %s%s\n%s"
        .formatted(
            database.name(),
            database.namespace(),
            spec.edition(),
            spec.environment(),
            History.way(status.migrationVersion(), version),
            back ? ", which goes back" : "",
            PendingText.of(database, "  "));
  }
}
