package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a resource's target may be changed as somebody asks, and what comes after. */
record Retargeting(TuneTrailDatabase resource, Desired desired, TargetRequest request) {

  static Retargeting of(TuneTrailDatabase resource, TargetRequest request) {
    return new Retargeting(resource, Desired.from(resource), request);
  }

  /** Why not, before the versions are known; empty when nothing is against it. */
  Optional<String> objection() {
    var versionless = withoutVersions();
    if (versionless.isPresent()) {
      return versionless;
    }
    return request instanceof TargetRequest.Relative && isMoving()
        ? Optional.of(
            "the operator is not done with %1$s, and a relative target counts from the version it has then; name a version, or wait: kubectl wait ttdb/%1$s --for=condition=Ready"
                .formatted(name()))
        : Optional.empty();
  }

  /** Why there is no version to go to; empty where there is. */
  Optional<String> withoutVersions() {
    return desired.method() == Method.CREATE_ALL
        ? Optional.of(
            "edition community has no versions: create-all creates whatever is missing; set"
                + " spec.edition to migrate")
        : Optional.empty();
  }

  /** Why the operator would refuse the move for ever; empty when it would not. */
  Optional<String> objection(Move move) {
    return move.goesBack() && desired.rollback() == Rollback.FORBID
        ? Optional.of(
            "%1$s: %2$s: going back is forbidden; allow it by kubectl patch ttdb %1$s --type=merge -p '{\"spec\":{\"migration\":{\"rollback\":\"Undo\"}}}'"
                .formatted(name(), move.words()))
        : Optional.empty();
  }

  /** What a person has to do still; empty where nothing. */
  Optional<String> remaining(Move move) {
    if (move.goesBack() && desired.rollback() == Rollback.RESTORE) {
      return Optional.of(
          "a backup takes it back: approve the TuneTrailRestore that the operator makes, by kubectl tunetrail restore %s --approve RESTORE"
              .formatted(name()));
    }
    return desired.gated() && !(move.undone().isEmpty() && move.applied().isEmpty())
        ? Optional.of(
            "production waits for spec.approval: version %s%s"
                .formatted(move.means(), move.goesBack() ? ", undo: true" : ""))
        : Optional.empty();
  }

  private boolean isMoving() {
    var status = resource.getStatus();
    return status == null
        || !Objects.equals(status.observedGeneration(), resource.getMetadata().getGeneration())
        || Stream.ofNullable(status.conditions())
            .flatMap(it -> it.stream())
            .anyMatch(it -> it.type().equals("Ready") && isWork(it.reason()));
  }

  private static boolean isWork(String reason) {
    return Stream.of(Reason.values())
        .anyMatch(it -> it.toString().equals(reason) && it.kind() == Reason.Kind.WORKING);
  }

  private String name() {
    return resource.getMetadata().getName();
  }
}
