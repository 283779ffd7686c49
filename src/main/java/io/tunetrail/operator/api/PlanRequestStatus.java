package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the last request for a plan.
 *
 * @param request the value of the annotation {@value #ANNOTATION} that is answered
 * @param outcome whether there is a plan
 * @param message why there is none; null where there is one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanRequestStatus(String request, Outcome outcome, @Nullable String message) {
  /** Each new value asks for a plan once. */
  public static final String ANNOTATION = "tunetrail.io/plan-requested";

  /** A token is told back, and a status has no room for more. */
  private static final int LONGEST = 64;

  /** Whether there is a plan. */
  public enum Outcome {
    /** status.plan names it. */
    @JsonProperty("Planned")
    PLANNED("Planned"),
    @JsonProperty("NothingPending")
    NOTHING_PENDING("NothingPending"),
    @JsonProperty("Failed")
    FAILED("Failed");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The request in a resource's annotations; null where there is none. */
  public static @Nullable String asked(@Nullable Map<String, String> annotations) {
    var request = annotations == null ? null : annotations.get(ANNOTATION);
    return request == null || request.isEmpty()
        ? null
        : request.substring(0, Math.min(LONGEST, request.length()));
  }
}
