package io.tunetrail.operator.health;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may read a resource may ask about its database: the API server says whose a token is, and
 * whether that one may {@code get} the resource. Answers are remembered for a few seconds, so that
 * who asks often costs the API server little.
 */
public final class ReviewedAccess implements Access {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewedAccess.class);
  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  private static final int MOST_REMEMBERED = 1_000;

  /** Made-up tokens must not keep the API server busy. */
  private static final int MOST_AT_ONCE = 8;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Known(Decision decision, Instant at) {}

  /** By the reviews of this client's API server. */
  public ReviewedAccess(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public Decision decide(String token, String namespace, String name) {
    var key = Digest.of(token, namespace, name);
    synchronized (known) {
      var before = known.get(key);
      if (before != null && clock.instant().isBefore(before.at().plus(REMEMBERED))) {
        return before.decision();
      }
    }
    var decision = inTurn(token, namespace, name);
    if (decision != Decision.UNDECIDED) {
      synchronized (known) {
        known.remove(key);
        known.put(key, new Known(decision, clock.instant()));
      }
    }
    return decision;
  }

  private Decision inTurn(String token, String namespace, String name) {
    if (!places.tryAcquire()) {
      return Decision.UNDECIDED;
    }
    try {
      return review(token, namespace, name);
    } catch (KubernetesClientException e) {
      LOG.warn("can't tell who may ask for a database's health: {}", e.getMessage());
      return Decision.UNDECIDED;
    } finally {
      places.release();
    }
  }

  private Decision review(String token, String namespace, String name) {
    var review = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    var status = client.tokenReviews().create(review).getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
      return Decision.UNAUTHENTICATED;
    }
    return mayGet(status.getUser(), namespace, name) ? Decision.ALLOWED : Decision.FORBIDDEN;
  }

  private boolean mayGet(UserInfo user, String namespace, String name) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(user.getExtra())
            .withNewResourceAttributes()
            .withVerb("get")
            .withGroup(HasMetadata.getGroup(TuneTrailDatabase.class))
            .withResource(HasMetadata.getPlural(TuneTrailDatabase.class))
            .withNamespace(namespace)
            .withName(name)
            .endResourceAttributes()
            .endSpec()
            .build();
    var status = client.authorization().v1().subjectAccessReview().create(review).getStatus();
    return status != null && Boolean.TRUE.equals(status.getAllowed());
  }
}
