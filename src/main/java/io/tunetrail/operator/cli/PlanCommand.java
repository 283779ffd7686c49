package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.status.Conditions;
import java.time.Instant;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what would run. */
@Command(
    name = "plan",
    description = {
      "Shows the SQL that would run and what is to be known of it.",
      "It changes nothing of the database, and of the resource, with --now, an annotation alone."
    })
final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FormatOption output = new FormatOption();
  @Mixin private WaitOptions options = new WaitOptions();

  @Option(
      names = "--now",
      description = {
        "Has the operator make one, once, also where it would not by itself or is suspended, and",
        "waits for it."
      })
  private boolean now;

  PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      var project = local.project(name.given(), null);
      var decided = new LocalDatabase(project).decide();
      return shown(
          decided.database(),
          project.desired().alembic() == null
              ? LocalPlan.of(project, decided.plan())
              : LocalPlan.ofAlembic(project, decided));
    }
    try (var opened = cluster.open()) {
      var found = opened.database(name.required());
      var database = now ? answered(opened, found) : found;
      return shown(database, new PlanReader(opened).of(database).orElse(null));
    }
  }

  /** The database once the operator has answered, or why there is no plan. */
  private Database answered(Cluster opened, Database database) throws CommandFailure {
    var request = Instant.now().toString();
    opened.annotate(database.resource(), PlanRequestStatus.ANNOTATION, request);
    Waiting.of(opened, database.name(), options.timeout(), terminal, spec.commandLine().getErr())
        .until(new Goal.Answer(request));
    var answered = opened.database(database.name());
    var status = answered.status();
    var answer = status == null ? null : status.planRequest();
    if (answer != null && answer.outcome() == PlanRequestStatus.Outcome.FAILED) {
      throw new CommandFailure("%s has no plan: %s".formatted(database.name(), answer.message()));
    }
    return answered;
  }

  private int shown(Database database, @Nullable PlanDocument plan) {
    var out = spec.commandLine().getOut();
    out.print(
        output.format().write(plan == null ? pending(database) : plan, () -> text(database, plan)));
    out.flush();
    return 0;
  }

  private static Object pending(Database database) {
    var status = database.status();
    var pending = new HashMap<String, @Nullable Object>();
    pending.put("pending", database.pending());
    pending.put("digest", status == null ? null : status.pendingDigest());
    return pending;
  }

  private String text(Database database, @Nullable PlanDocument plan) {
    if (plan != null) {
      return "%s: %s\n\n%s"
          .formatted(
              database.name(),
              History.way(plan.from(), plan.target()),
              new PlanText(plan, terminal.style()).text());
    }
    var pending = PendingText.of(database, "  ");
    return pending.isEmpty()
        ? "%s: %s\n".formatted(database.name(), nothing(database))
        : "%s has no plan, only a list of what would run:\n%s%s"
            .formatted(
                database.name(),
                pending,
                "The operator makes a plan in production, where migration.plan is Always, and"
                    + " elsewhere where it is asked: kubectl tunetrail plan %s --now\n"
                        .formatted(database.name()));
  }

  private static String nothing(Database database) {
    return database.isReady()
        ? "nothing would run"
        : "%s: %s"
            .formatted(
                StateText.reason(database),
                database.condition(Conditions.READY).map(Condition::message).orElse(""));
  }
}
