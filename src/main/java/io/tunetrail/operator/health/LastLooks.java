package io.tunetrail.operator.health;

import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Look;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What this process saw last of each database; safe for use by many threads. */
public final class LastLooks {
  private final Map<String, LastLook> looks = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** A look, and when it was taken. */
  public record LastLook(Look.Taken look, Instant at) {}

  /**
   * Remembers a look that was taken.
   *
   * @param at when the database was asked
   */
  public void note(TuneTrailDatabase resource, Look look, Instant at) {
    if (look instanceof Look.Taken taken) {
      looks.put(resource.getMetadata().getUid(), new LastLook(taken, at));
    }
  }

  Optional<LastLook> of(TuneTrailDatabase resource) {
    return Optional.ofNullable(looks.get(resource.getMetadata().getUid()));
  }

  /** Whether it was seen, and nobody has asked this before since this process started. */
  public boolean isFirst(TuneTrailDatabase resource) {
    boolean seen = of(resource).filter(it -> it.look() instanceof Look.Seen).isPresent();
    return seen && told.add(resource.getMetadata().getUid());
  }

  /** Forgets resources that are gone, now and then. */
  public void keepOnly(Collection<TuneTrailDatabase> all) {
    if (looks.size() > 2 * all.size()) {
      var there = all.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet());
      looks.keySet().retainAll(there);
      told.retainAll(there);
    }
  }
}
