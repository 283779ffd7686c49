package io.tunetrail.operator.runtime;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the operator runs.
 *
 * @param image what the pods of Jobs run: the operator's own image
 * @param namespaces to watch; empty: all
 * @param httpPort for /livez and /readyz; 0: any free one
 */
public record Configuration(String image, Set<String> namespaces, int httpPort) {

  /**
   * From OPERATOR_IMAGE (required), WATCH_NAMESPACES (comma-separated) and HTTP_PORT (8080); throws
   * {@link IllegalArgumentException} that names what is missing.
   */
  public static Configuration from(Map<String, String> environment) {
    var image = environment.getOrDefault("OPERATOR_IMAGE", "");
    if (image.isBlank()) {
      throw new IllegalArgumentException("set OPERATOR_IMAGE to the image that Jobs run");
    }
    return new Configuration(
        image,
        namespaces(environment.getOrDefault("WATCH_NAMESPACES", "")),
        port(environment.getOrDefault("HTTP_PORT", "8080")));
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
