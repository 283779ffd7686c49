package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.status.Conditions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a person asks for first, in sections.
 *
 * @param jobs its own; null where they may not be read
 */
record StatusPage(Database database, @Nullable List<ObservedJob> jobs, Style style) {
  private static final String MARGIN = "  ";
  private static final int JOBS_SHOWN = 5;
  private static final int HISTORY_SHOWN = 3;

  String text() {
    var sections = new ArrayList<String>();
    sections.add(section("Database", identity()));
    sections.add(section("Versions", versions()));
    sections.add(section("Pending", PendingText.of(database, MARGIN)));
    sections.add(section("Approval", approval()));
    sections.add(section("Plan", plan()));
    sections.add(section("History", history()));
    sections.add(section("Drift", DriftText.of(database, MARGIN)));
    sections.add(section("Conditions", conditions()));
    sections.add(section("Jobs", jobList()));
    return sections.stream().filter(it -> !it.isEmpty()).collect(Collectors.joining("\n"));
  }

  private String section(String heading, String content) {
    return content.isEmpty() ? "" : style.heading(heading) + "\n" + content;
  }

  private String identity() {
    var spec = database.resource().getSpec();
    var status = database.status();
    return new Fields()
        .add("Name", name())
        .add("Edition", "%s, %s".formatted(spec.edition(), spec.environment()))
        .add("Method", status == null ? null : status.initializationMethod())
        .add("Tables", status == null ? null : size(status))
        .add("State", StateText.of(database, style))
        .add("Message", message())
        .add("Next", next())
        .toString();
  }

  /** What is only in a file has no namespace. */
  private String name() {
    return database.namespace().isEmpty()
        ? database.name()
        : "%s in namespace %s".formatted(database.name(), database.namespace());
  }

  private static @Nullable String size(TuneTrailDatabaseStatus status) {
    return status.tableCount() == null
        ? null
        : "%d, %s".formatted(status.tableCount(), status.databaseSize());
  }

  private @Nullable String message() {
    return database
        .condition(Conditions.READY)
        .map(Condition::message)
        .filter(it -> !it.isEmpty())
        .orElse(null);
  }

  /** The command that goes on from here; null where there is none. */
  private @Nullable String next() {
    if (database.awaitsApproval()) {
      return "kubectl tunetrail approve " + database.name();
    }
    return database.reason().filter(it -> it.kind() == Reason.Kind.HEALING).isPresent()
        ? "kubectl tunetrail doctor " + database.name()
        : null;
  }

  private String versions() {
    var status = database.status();
    var wanted = database.resource().getSpec().targetVersion();
    if (status == null) {
      return new Fields().add("Target", wanted).toString();
    }
    var target = status.targetVersion();
    return new Fields()
        .add("Database", Objects.requireNonNullElse(status.migrationVersion(), "none"))
        .add(
            "Target",
            target == null || target.equals(wanted)
                ? wanted
                : "%s, now %s".formatted(wanted, target))
        .toString();
  }

  private String approval() {
    var approval = database.resource().getSpec().approval();
    var status = database.status();
    var fields = new Fields();
    if (approval != null) {
      var accepted = status == null ? null : status.approval();
      fields
          .add(
              "Version",
              approval.version() + (Boolean.TRUE.equals(approval.undo()) ? ", undo" : ""))
          .add("Digest", approval.digest())
          .add("By", approval.approvedBy())
          .add("Comment", approval.comment())
          .add("Spent", accepted != null && accepted.spent() ? "yes" : null);
    }
    return fields
        .add("Rejected by", database.annotation(Rejection.BY))
        .add("Because", database.annotation(Rejection.BECAUSE))
        .toString();
  }

  private String plan() {
    var plan = database.extras().plan();
    return plan == null
        ? ""
        : new Fields()
            .add("Way", History.way(plan.from(), plan.target()))
            .add("Statements", plan.statements() == null ? null : plan.statements().toString())
            .add("Warnings", plan.warnings() == null ? null : plan.warnings().toString())
            .add("Destructive", Boolean.TRUE.equals(plan.destructive()) ? style.bad("yes") : null)
            .add("ConfigMap", plan.configMap())
            .add("Image", plan.image())
            .add("Digest", plan.digest())
            .toString();
  }

  private String history() {
    var works = database.history();
    if (works.isEmpty()) {
      return "";
    }
    var shown = works.subList(0, Math.min(HISTORY_SHOWN, works.size()));
    var message = works.getFirst().message();
    return History.table(shown, MARGIN)
        + (message == null || message.isEmpty() ? "" : MARGIN + message + "\n");
  }

  /** What is amiss says its remedy once: Ready's own message stands at the top. */
  private String conditions() {
    var status = database.status();
    if (status == null || status.conditions() == null) {
      return "";
    }
    var table = new TextTable(MARGIN).row("TYPE", "STATUS", "SINCE", "REASON");
    status
        .conditions()
        .forEach(it -> table.row(it.type(), it.status(), it.lastTransitionTime(), it.reason()));
    var top = Objects.requireNonNullElse(message(), "");
    var more =
        status.conditions().stream()
            .filter(it -> isAmiss(it) && !it.message().isEmpty() && !top.startsWith(it.message()))
            .map(it -> "%s%s: %s\n".formatted(MARGIN, it.type(), it.message()));
    return table + more.collect(Collectors.joining());
  }

  private static boolean isAmiss(Condition condition) {
    return switch (condition.type()) {
      case Conditions.STALLED, Conditions.RECONCILING, "Drifted" ->
          condition.status().equals("True");
      default -> !condition.status().equals("True");
    };
  }

  private String jobList() {
    if (jobs == null) {
      return MARGIN + "you may not list Jobs and pods of this namespace\n";
    }
    if (jobs.isEmpty()) {
      return "";
    }
    var table = new TextTable(MARGIN).row("NAME", "TASK", "ATTEMPT", "STATE");
    jobs.stream()
        .sorted(Comparator.comparing(StatusPage::isEnded).thenComparing(ObservedJob::name))
        .limit(JOBS_SHOWN)
        .forEach(
            it ->
                table.row(
                    it.name(), it.task().toString(), Integer.toString(it.attempt()), state(it)));
    return table
        + (jobs.size() > JOBS_SHOWN
            ? "%sand %d more\n".formatted(MARGIN, jobs.size() - JOBS_SHOWN)
            : "");
  }

  private static boolean isEnded(ObservedJob job) {
    return job.state() instanceof ObservedJob.Ended;
  }

  private static String state(ObservedJob job) {
    return switch (job.state()) {
      case ObservedJob.Running _ -> "running";
      case ObservedJob.Blocked blocked -> "%s: %s".formatted(blocked.reason(), blocked.detail());
      case ObservedJob.Ended ended -> "%s at %s".formatted(ended.outcome().text(), ended.at());
    };
  }
}
