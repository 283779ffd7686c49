package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.status.Conditions;
import java.util.Objects;
import org.flywaydb.core.api.MigrationVersion;

/** What somebody waits for. */
sealed interface Goal {

  /**
   * That it is as the spec asks for.
   *
   * @param approvalElsewhere whether somebody else may approve it meanwhile
   */
  record Ready(boolean approvalElsewhere) implements Goal {}

  /** That the database has a version. */
  record Version(String version) implements Goal {}

  /** That it asks to be approved. */
  record Approval() implements Goal {}

  /**
   * That the operator has answered a request for a plan, be it that there is none.
   *
   * @param request as the resource's annotation has it
   */
  record Answer(String request) implements Goal {}

  /** How far it is. */
  sealed interface Judgement {
    /** What is said of it. */
    String words();

    record Reached(String words) implements Judgement {}

    /** It may come by itself. */
    record Waiting(String words) implements Judgement {}

    /** It does not come by itself. */
    record Stuck(ExitCode code, String words) implements Judgement {}
  }

  /** As in ready, approval, version=7. */
  static Goal parse(String text) {
    return switch (text) {
      case "ready" -> new Ready(true);
      case "approval" -> new Approval();
      default -> {
        if (!text.startsWith("version=") || text.length() == "version=".length()) {
          throw new IllegalArgumentException(
              "%s is none of ready, approval and version=VERSION".formatted(text));
        }
        yield new Version(text.substring("version=".length()));
      }
    };
  }

  /** What the database's state means for it. */
  default Judgement judge(Database database) {
    if (!database.isSeen() && !(this instanceof Answer)) {
      return new Judgement.Waiting(StateText.of(database, Style.PLAIN));
    }
    return switch (this) {
      case Ready(boolean approvalElsewhere) ->
          database.isReady()
              ? new Judgement.Reached(message(database))
              : unready(database, approvalElsewhere);
      case Version(String version) ->
          isAt(database, version)
              ? new Judgement.Reached("the database is at version " + version)
              : elsewhere(database, version);
      case Approval() -> approval(database);
      case Answer(String request) -> answer(database, request);
    };
  }

  /** Whatever else is amiss, a request is answered, or its time runs out. */
  private static Judgement answer(Database database, String request) {
    var status = database.status();
    var answer = status == null ? null : status.planRequest();
    return answer != null && answer.request().equals(request)
        ? new Judgement.Reached(answer.outcome().toString())
        : new Judgement.Waiting("%s: %s".formatted(StateText.reason(database), message(database)));
  }

  private static Judgement unready(Database database, boolean approvalElsewhere) {
    var words = "%s: %s".formatted(StateText.reason(database), message(database));
    boolean awaitsRestore =
        database.reason().filter(it -> it == Reason.ROLLBACK_AWAITS_RESTORE).isPresent();
    if ((database.awaitsApproval() || awaitsRestore) && !approvalElsewhere) {
      return new Judgement.Stuck(ExitCode.AWAITS_APPROVAL, words);
    }
    return database.reason().filter(it -> it.kind() == Reason.Kind.STALLED).isPresent()
        ? new Judgement.Stuck(ExitCode.STALLED, words)
        : new Judgement.Waiting(words);
  }

  private static Judgement elsewhere(Database database, String version) {
    return database.isReady()
        ? new Judgement.Stuck(
            ExitCode.STALLED,
            "%s, not at %s, and nothing is to be done".formatted(message(database), version))
        : unready(database, true);
  }

  private static Judgement approval(Database database) {
    var words = "%s: %s".formatted(StateText.reason(database), message(database));
    if (database.awaitsApproval()) {
      return new Judgement.Reached(words);
    }
    return database.isReady()
        ? new Judgement.Stuck(
            ExitCode.STALLED, "nothing waits for an approval: " + message(database))
        : unready(database, true);
  }

  /** For Flyway 2 and 2.0 are one version. */
  private static boolean isAt(Database database, String version) {
    var status = database.status();
    var current = status == null ? null : status.migrationVersion();
    if (current == null || current.equals(version)) {
      return Objects.equals(current, version);
    }
    return switch (Desired.from(database.resource()).method()) {
      case FLYWAY ->
          version.matches("\\d+([._]\\d+)*")
              && MigrationVersion.fromVersion(version)
                  .equals(MigrationVersion.fromVersion(current));
      case ALEMBIC, CREATE_ALL -> false;
    };
  }

  private static String message(Database database) {
    return database.condition(Conditions.READY).map(Condition::message).orElse("");
  }
}
