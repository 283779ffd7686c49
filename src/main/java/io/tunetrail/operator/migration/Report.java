package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's pod says of its work, in its termination message: compact JSON of at most {@value
 * #MAX_BYTES} bytes.
 *
 * @param from the version before; null before the first and for create-all
 * @param to the version after
 * @param message what happened, for the person who must act, free of secrets; null when done
 * @param started RFC 3339
 * @param finished RFC 3339
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
    Outcome outcome,
    @Nullable String from,
    @Nullable String to,
    int applied,
    @Nullable String message,
    @Nullable String started,
    @Nullable String finished) {

  /** Kubernetes keeps so many bytes of a container's termination message. */
  public static final int MAX_BYTES = 4096;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** JSON of at most {@value #MAX_BYTES} bytes; the message is cut where it must be. */
  public String toJson() {
    var json = write(this);
    var shortened = message == null ? "" : message;
    while (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES && !shortened.isEmpty()) {
      int excess = json.getBytes(StandardCharsets.UTF_8).length - MAX_BYTES;
      shortened = cut(shortened, Math.max(1, excess / 6));
      json = write(new Report(outcome, from, to, applied, shortened + "…", started, finished));
    }
    return json;
  }

  /** The report in a termination message; empty where there is none, as after a kill. */
  public static Optional<Report> parse(@Nullable String terminationMessage) {
    if (terminationMessage == null || !terminationMessage.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(terminationMessage, Report.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Never ends in half of a surrogate pair, which would not be valid UTF-8. */
  private static String cut(String text, int chars) {
    int end = Math.max(0, text.length() - chars);
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String write(Report report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts is always JSON", e);
    }
  }
}
