package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.VersionLine.Answer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A target that somebody asks for, with the move that it comes to now.
 *
 * @param allowed whether going back is asked for in so many words, and so allowed by the same
 *     change
 */
record Targeting(Retargeting retargeting, Move move, boolean allowed) {

  /** Finds the move, or says why there is none. */
  static Targeting of(Cluster cluster, String name, String to, boolean allowed)
      throws CommandFailure {
    var retargeting = Retargeting.of(cluster.resource(name), TargetRequest.parse(to));
    var objection = retargeting.objection();
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    var line = new VersionLines(cluster).of(retargeting.resource(), retargeting.desired());
    return switch (line.resolve(retargeting.request())) {
      case Answer.Found(Move move) -> new Targeting(retargeting, move, allowed).checked();
      case Answer.Refused(String message) -> throw new CommandFailure(name + ": " + message);
    };
  }

  private Targeting checked() throws CommandFailure {
    var objection = allowed ? java.util.Optional.<String>empty() : retargeting.objection(move);
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    return this;
  }

  /** As in: songs: 7 → 5 (undoes 7, 6). */
  String words() {
    return "%s: %s".formatted(retargeting.resource().getMetadata().getName(), move.words());
  }

  /** What sets the target. */
  Change change() {
    var spec = new HashMap<String, @Nullable Object>();
    spec.put("targetVersion", move.to());
    if (allowed) {
      spec.put("migration", Map.of("rollback", "Undo"));
    }
    return Change.ofSpec(spec);
  }
}
