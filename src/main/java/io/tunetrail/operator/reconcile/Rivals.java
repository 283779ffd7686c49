package io.tunetrail.operator.reconcile;

import io.tunetrail.operator.api.TuneTrailDatabase;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of several resources that name one database may work on it: the oldest. Identities are
 * known from the last look, and after a restart from the statuses.
 */
final class Rivals {
  private static final Comparator<TuneTrailDatabase> BY_AGE =
      Comparator.<TuneTrailDatabase, String>comparing(it -> it.getMetadata().getCreationTimestamp())
          .thenComparing(it -> it.getMetadata().getUid());

  private final Map<String, String> identities = new ConcurrentHashMap<>();

  /**
   * Notes what this resource names and tells of an older one that names the same, in words for its
   * status; a resource of another namespace is not named.
   *
   * @param all every resource that there is
   */
  @Nullable String olderThan(
      TuneTrailDatabase resource, String identity, Collection<TuneTrailDatabase> all) {
    identities.keySet().retainAll(uids(all));
    identities.put(resource.getMetadata().getUid(), identity);
    return all.stream()
        .filter(it -> !it.getMetadata().getUid().equals(resource.getMetadata().getUid()))
        .filter(it -> Objects.equals(identityOf(it), identity))
        .min(BY_AGE)
        .filter(oldest -> BY_AGE.compare(oldest, resource) < 0)
        .map(oldest -> words(oldest, resource))
        .orElse(null);
  }

  private static Set<String> uids(Collection<TuneTrailDatabase> all) {
    return all.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet());
  }

  private @Nullable String identityOf(TuneTrailDatabase resource) {
    var seen = identities.get(resource.getMetadata().getUid());
    if (seen != null) {
      return seen;
    }
    return Optional.ofNullable(resource.getStatus())
        .map(status -> status.databaseIdentity())
        .orElse(null);
  }

  private static String words(TuneTrailDatabase oldest, TuneTrailDatabase resource) {
    var sameNamespace =
        oldest.getMetadata().getNamespace().equals(resource.getMetadata().getNamespace());
    return sameNamespace
        ? "TuneTrailDatabase " + oldest.getMetadata().getName()
        : "a TuneTrailDatabase of another namespace";
  }
}
