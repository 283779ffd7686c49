package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A column of the CRD.
 *
 * @param jsonPath of members and filters for equality, as in {@code
 *     .status.conditions[?(@.type=="Ready")].status}
 * @param type string, integer or date
 */
record PrinterColumn(String name, String type, String jsonPath) {
  private static final Pattern STEP =
      Pattern.compile("\\.(\\w+)|\\[\\?\\(@\\.(\\w+)==\"([^\"]*)\"\\)]");

  static PrinterColumn of(CustomResourceColumnDefinition column) {
    return new PrinterColumn(column.getName(), column.getType(), column.getJsonPath());
  }

  /** The cell's text at this time; empty where the object has no such value. */
  String cell(JsonNode object, Instant now) {
    var value = value(object);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return type.equals("date")
        ? age(Duration.between(Instant.parse(value.asText()), now))
        : value.asText();
  }

  private JsonNode value(JsonNode object) {
    var step = STEP.matcher(jsonPath);
    var value = object;
    int end = 0;
    while (step.find()) {
      value =
          step.group(1) != null
              ? value.path(step.group(1))
              : first(value, step.group(2), step.group(3));
      end = step.end();
    }
    if (end != jsonPath.length()) {
      throw new IllegalArgumentException("a JSONPath of a form not known here: " + jsonPath);
    }
    return value;
  }

  private static JsonNode first(JsonNode list, String field, String wanted) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(item -> wanted.equals(item.path(field).asText()))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** As kubectl words it: 45s, 3m12s, 47m, 5h3m, 20h, 3d4h, 20d. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    } else if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    } else if (hours < 3) {
      return minutes + "m";
    } else if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    }
    return days < 8 ? two(days, "d", hours % 24, "h") : days + "d";
  }

  private static String two(long larger, String unit, long smaller, String smallerUnit) {
    return larger + unit + (smaller == 0 ? "" : smaller + smallerUnit);
  }
}
