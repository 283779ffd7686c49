package io.tunetrail.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What one schema of a CustomResourceDefinition would refuse, prune or take otherwise though an
 * earlier one accepted it. Says too much rather than too little: each CEL rule that the earlier one
 * did not have, for what it means is not looked at.
 */
final class SchemaNarrowing {
  /** A value that is no greater is narrower, and so is one where there was none. */
  private static final List<String> UPPER =
      List.of("maxLength", "maxItems", "maxProperties", "maximum");

  /** A value that is no less is narrower. */
  private static final List<String> LOWER =
      List.of("minLength", "minItems", "minProperties", "minimum");

  /** May be taken away, but neither added nor changed. */
  private static final List<String> FREED_ONLY =
      List.of(
          "pattern", "format", "multipleOf", "uniqueItems", "exclusiveMaximum", "exclusiveMinimum");

  /** Must stay what they are. */
  private static final List<String> KEPT =
      List.of(
          "type",
          "default",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-type",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-map-type");

  /** May be added, but not taken away. */
  private static final List<String> GRANTED =
      List.of("nullable", "x-kubernetes-preserve-unknown-fields");

  private final List<String> found = new ArrayList<>();

  private SchemaNarrowing() {}

  /** Each as PATH: what is narrower. */
  static List<String> between(JsonNode earlier, JsonNode later) {
    var narrowing = new SchemaNarrowing();
    narrowing.compare("", earlier, later);
    return narrowing.found;
  }

  private void compare(String path, JsonNode earlier, JsonNode later) {
    properties(path, earlier.path("properties"), later.path("properties"));
    within(path + "[]", earlier.path("items"), later.path("items"));
    within(path + "{}", earlier.path("additionalProperties"), later.path("additionalProperties"));
    added(path, "required", earlier, later);
    rules(path, earlier, later);
    values(path, earlier.path("enum"), later.path("enum"));
    UPPER.forEach(it -> bound(path, it, earlier.path(it), later.path(it), 1));
    LOWER.forEach(it -> bound(path, it, earlier.path(it), later.path(it), -1));
    for (var it : FREED_ONLY) {
      if (later.has(it) && !later.path(it).equals(earlier.path(it))) {
        found.add("%s: %s is now %s".formatted(path, it, later.path(it)));
      }
    }
    for (var it : KEPT) {
      if (!later.path(it).equals(earlier.path(it))) {
        found.add("%s: %s was %s, is %s".formatted(path, it, earlier.path(it), later.path(it)));
      }
    }
    for (var it : GRANTED) {
      if (earlier.path(it).asBoolean() && !later.path(it).asBoolean()) {
        found.add("%s: %s is gone".formatted(path, it));
      }
    }
  }

  private void properties(String path, JsonNode earlier, JsonNode later) {
    for (var property : earlier.properties()) {
      var name = path + "." + property.getKey();
      if (later.has(property.getKey())) {
        compare(name, property.getValue(), later.path(property.getKey()));
      } else {
        found.add(name + ": is gone");
      }
    }
  }

  private void within(String path, JsonNode earlier, JsonNode later) {
    if (earlier.isObject() && later.isObject()) {
      compare(path, earlier, later);
    } else if (!earlier.equals(later)) {
      found.add("%s: was %s, is %s".formatted(path, earlier, later));
    }
  }

  private void added(String path, String what, JsonNode earlier, JsonNode later) {
    var more = new HashSet<>(texts(later.path(what)));
    more.removeAll(texts(earlier.path(what)));
    more.stream().sorted().forEach(it -> found.add("%s: %s is now %s".formatted(path, it, what)));
  }

  private void rules(String path, JsonNode earlier, JsonNode later) {
    var known = rules(earlier);
    rules(later).stream()
        .filter(it -> !known.contains(it))
        .sorted()
        .forEach(it -> found.add("%s: rule %s".formatted(path, it)));
  }

  private static Set<String> rules(JsonNode schema) {
    return StreamSupport.stream(schema.path("x-kubernetes-validations").spliterator(), false)
        .map(it -> it.path("rule").asText())
        .collect(Collectors.toSet());
  }

  private void values(String path, JsonNode earlier, JsonNode later) {
    if (later.isMissingNode()) {
      return;
    }
    if (earlier.isMissingNode()) {
      found.add("%s: only %s is accepted".formatted(path, later));
      return;
    }
    for (var value : earlier) {
      if (StreamSupport.stream(later.spliterator(), false).noneMatch(value::equals)) {
        found.add("%s: %s is refused".formatted(path, value));
      }
    }
  }

  /**
   * One limit.
   *
   * @param direction 1: a greater value accepts more; -1: a smaller one does
   */
  private void bound(String path, String what, JsonNode earlier, JsonNode later, int direction) {
    if (later.isMissingNode()) {
      return;
    }
    if (earlier.isMissingNode()
        || direction * later.decimalValue().compareTo(earlier.decimalValue()) < 0) {
      found.add("%s: %s was %s, is %s".formatted(path, what, earlier, later));
    }
  }

  private static Set<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }
}
