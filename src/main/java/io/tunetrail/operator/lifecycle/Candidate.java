package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.PendingDigest.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plan of what is pending now. Its digest wraps the one of what is pending with whose database
 * it is and which image works, so that each earlier start of a list is known without its old plan.
 *
 * @param settings what {@link Progress#pendingDigest} binds besides the content
 * @param database its identity
 * @param image by the digest that a registry gave; null where none did, or none is needed
 * @param besides digest of what else decides what runs; null: nothing does
 */
record Candidate(
    Progress progress,
    String settings,
    String database,
    @Nullable String image,
    @Nullable String besides) {

  String digest() {
    return bound(Objects.requireNonNull(progress.pendingDigest()));
  }

  /** The digest of a plan, by that of what was pending when it was made. */
  String bound(String pendingDigest) {
    return Digest.of("plan", database, image, besides, pendingDigest);
  }

  boolean isApprovedBy(String approved) {
    return PendingDigest.approves(approved, settings, progress, this::bound);
  }

  /** The plan before its SQL is known. */
  PlanStatus plan() {
    return new PlanStatus(
        digest(),
        null,
        progress.current(),
        progress.target(),
        null,
        null,
        null,
        image,
        starts().getFirst().tail(),
        Digest.of(settings),
        Digest.of(database));
  }

  /** What is not as an approved plan has it, in words. */
  List<String> changedSince(PlanStatus approved) {
    var changed = new ArrayList<String>();
    if (!Digest.of(database).equals(approved.database())) {
      changed.add("the database is another one");
    }
    if (!Objects.equals(progress.target(), approved.target())) {
      changed.add(
          "the target is %s and was %s"
              .formatted(named(progress.target()), named(approved.target())));
    }
    var began = starts().stream().filter(it -> Objects.equals(it.from(), approved.from())).toList();
    if (began.isEmpty()) {
      changed.add(
          "the database is at %s and was at %s"
              .formatted(named(progress.current()), named(approved.from())));
    } else if (began.stream().noneMatch(it -> it.tail().equals(approved.content()))) {
      changed.add("the content of what would run is another one");
    }
    if (!Digest.of(settings).equals(approved.settings())) {
      changed.add("the engine's settings or the direction are others");
    }
    if (!Objects.equals(image, approved.image())) {
      changed.add("the image is another one");
    }
    return changed;
  }

  private List<Start> starts() {
    return PendingDigest.starts(Digest.of("content", besides), progress);
  }

  private static String named(@Nullable String version) {
    return version == null ? "no version" : "version " + version;
  }
}
