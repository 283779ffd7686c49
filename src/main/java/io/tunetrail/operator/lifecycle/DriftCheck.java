package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a schema is as the last work left it, and what that means for the next. */
public record DriftCheck(Desired desired, SchemaDrift drift) {

  /** Why work that changes the schema waits; adopting the tables as they are is a way out. */
  Optional<Verdict> objection(Task task) {
    boolean waits =
        desired.drift().blocks() && task != Task.BASELINE && drift.found() && !isAccepted();
    return waits ? Optional.of(new Verdict(Reason.SCHEMA_DRIFTED, detail())) : Optional.empty();
  }

  /** Whether a person has said that the schema is as it should be. */
  public boolean isAccepted() {
    return drift.found() && Objects.equals(desired.drift().accepted(), drift.digest());
  }

  /** What is otherwise. */
  public String detail() {
    var named =
        Stream.of(
                drift.added().stream().map(it -> it + " added"),
                drift.removed().stream().map(it -> it + " removed"),
                drift.changed().stream().map(it -> it + " changed"))
            .flatMap(it -> it)
            .collect(Collectors.joining("; "));
    int more =
        drift.count() - drift.added().size() - drift.removed().size() - drift.changed().size();
    return "since the last work something else changed the schema (%s): %s"
        .formatted(
            drift.count() == 1 ? "1 difference" : drift.count() + " differences",
            named.isEmpty()
                ? "a definition; the last work recorded them on another server or release, so that"
                    + " which one can't be told"
                : named + (more > 0 ? "; and %d more".formatted(more) : ""));
  }
}
