package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.mockwebserver.crud.AttributeSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who owns whom by owner references, and so what garbage collection takes. */
final class Owners {
  private final Map<AttributeSet, Set<String>> ownersOf = new HashMap<>();
  private final Set<String> alive = new HashSet<>();

  void stored(AttributeSet key, JsonNode object) {
    alive.add(object.at("/metadata/uid").asText());
    var owners = new HashSet<String>();
    object.at("/metadata/ownerReferences").forEach(owner -> owners.add(owner.path("uid").asText()));
    if (owners.isEmpty()) {
      ownersOf.remove(key);
    } else {
      ownersOf.put(key, owners);
    }
  }

  void removed(AttributeSet key, JsonNode object) {
    alive.remove(object.at("/metadata/uid").asText());
    ownersOf.remove(key);
  }

  /** Objects none of whose owners exists. */
  List<AttributeSet> orphans() {
    return ownersOf.entrySet().stream()
        .filter(entry -> entry.getValue().stream().noneMatch(alive::contains))
        .map(Map.Entry::getKey)
        .toList();
  }
}
