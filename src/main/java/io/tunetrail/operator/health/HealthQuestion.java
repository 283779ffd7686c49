package io.tunetrail.operator.health;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.health.LastLooks.LastLook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /health/databases/NAMESPACE/NAME} by what is known already: who asks makes no
 * connection to a database. Whether a resource exists is told only to who may read it.
 */
public final class HealthQuestion {
  /** Where its paths begin. */
  public static final String PATH = "/health/databases/";

  private static final Pattern RESOURCE =
      Pattern.compile(PATH + "([a-z0-9][a-z0-9-]{0,62})/([a-z0-9][a-z0-9.-]{0,252})");

  private static final Pattern BEARER =
      Pattern.compile("Bearer +([!-~]{1,16384})", Pattern.CASE_INSENSITIVE);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The resources that the operator has in its cache. */
  public interface Cache {
    Optional<TuneTrailDatabase> get(String namespace, String name);
  }

  /** An answer over HTTP; the body is JSON. */
  public record Answer(int code, String body) {}

  private final Access access;
  private final LastLooks looks;
  private final BooleanSupplier leads;
  private final Supplier<Optional<Instant>> otherLed;
  private final InstantSource clock;
  private volatile Cache cache = (_, _) -> Optional.empty();

  /**
   * To be asked.
   *
   * @param leads whether this operator is the one that looks
   * @param otherLed when another was last known to be; empty where none is
   */
  public HealthQuestion(
      Access access,
      LastLooks looks,
      BooleanSupplier leads,
      Supplier<Optional<Instant>> otherLed,
      InstantSource clock) {
    this.access = access;
    this.looks = looks;
    this.leads = leads;
    this.otherLed = otherLed;
    this.clock = clock;
  }

  /** Whose databases may be asked for. */
  public void answerFor(Cache resources) {
    cache = resources;
  }

  /**
   * The answer to a request.
   *
   * @param path without a query
   * @param authorization the header; null where there is none
   */
  public Answer answer(String method, String path, @Nullable String authorization) {
    var asked = RESOURCE.matcher(path);
    if (!asked.matches()) {
      return refusal(404, "ask for " + PATH + "NAMESPACE/NAME");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return refusal(405, "only GET is answered");
    }
    var token = BEARER.matcher(authorization == null ? "" : authorization);
    if (!token.matches()) {
      return refusal(401, "name yourself: Authorization: Bearer TOKEN, as of a service account");
    }
    return switch (access.decide(token.group(1), asked.group(1), asked.group(2))) {
      case ALLOWED -> known(asked.group(1), asked.group(2));
      case UNAUTHENTICATED -> refusal(401, "the API server does not know this token");
      case FORBIDDEN -> refusal(403, "who asks must be allowed to get this tunetraildatabase");
      case UNDECIDED -> refusal(503, "the API server can't be asked who this is; try again");
    };
  }

  private Answer known(String namespace, String name) {
    var resource = cache.get(namespace, name);
    if (resource.isEmpty()) {
      return refusal(404, "there is no TuneTrailDatabase %s/%s".formatted(namespace, name));
    }
    var health = health(resource.get());
    return new Answer(health.isHealthy() ? 200 : 503, json(health));
  }

  /** Who waits to lead, or has only begun to, knows what the one before wrote. */
  private DatabaseHealth health(TuneTrailDatabase resource) {
    var now = clock.instant();
    var own = leads.getAsBoolean() ? looks.of(resource) : Optional.<LastLook>empty();
    return own.map(it -> DatabaseHealth.of(resource, it, now))
        .orElseGet(() -> DatabaseHealth.byStatus(resource, otherLed.get().orElse(null), now));
  }

  private static Answer refusal(int code, String message) {
    return new Answer(code, json(Map.of("message", message)));
  }

  private static String json(Object answer) {
    try {
      return JSON.writeValueAsString(answer) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers can always be written", e);
    }
  }
}
