package io.tunetrail.operator.runtime;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the operator runs.
 *
 * @param image what the pods of Jobs run: the operator's own image
 * @param namespaces to watch; empty: all
 * @param httpPort for /livez and /readyz; 0: any free one
 * @param candidate null: it leads without asking, as the only one
 */
public record Configuration(
    String image, Set<String> namespaces, int httpPort, @Nullable Candidate candidate) {

  /**
   * Who takes part in the election of a leader.
   *
   * @param namespace of the Lease
   * @param identity no other candidate's; the same after a restart
   */
  public record Candidate(String namespace, String identity) {}

  /** The only operator that there is. */
  public Configuration(String image, Set<String> namespaces, int httpPort) {
    this(image, namespaces, httpPort, null);
  }

  /**
   * From OPERATOR_IMAGE (required), WATCH_NAMESPACES (comma-separated), HTTP_PORT (8080),
   * LEASE_NAMESPACE and POD_NAME (no election without them); throws {@link
   * IllegalArgumentException} that names what is missing.
   */
  public static Configuration from(Map<String, String> environment) {
    return new Configuration(
        required(environment, "OPERATOR_IMAGE", "the image that Jobs run"),
        namespaces(environment.getOrDefault("WATCH_NAMESPACES", "")),
        port(environment.getOrDefault("HTTP_PORT", "8080")),
        environment.getOrDefault("LEASE_NAMESPACE", "").isBlank() ? null : candidate(environment));
  }

  private static Candidate candidate(Map<String, String> environment) {
    return new Candidate(
        environment.getOrDefault("LEASE_NAMESPACE", ""),
        required(environment, "POD_NAME", "the name of the operator's pod"));
  }

  private static String required(Map<String, String> environment, String name, String what) {
    var value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException("set %s to %s".formatted(name, what));
    }
    return value;
  }

  private static Set<String> namespaces(String list) {
    var names = new TreeSet<String>();
    for (var name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("HTTP_PORT is not a number: " + text, e);
    }
  }
}
