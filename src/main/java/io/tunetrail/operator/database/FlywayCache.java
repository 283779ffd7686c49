package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.SchemaState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last answers of Flyway, so that a look at what has not changed asks it nothing; the least
 * used are forgotten.
 */
final class FlywayCache {
  private static final int CAPACITY = 2000;

  private final Map<Key, SchemaState> answers =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SchemaState> eldest) {
          return size() > CAPACITY;
        }
      };

  /** Everything that Flyway's answer depends on. */
  record Key(String identity, String scriptsDigest, String settingsDigest, SchemaTables tables) {}

  synchronized @Nullable SchemaState get(Key key) {
    return answers.get(key);
  }

  synchronized void put(Key key, SchemaState answer) {
    answers.put(key, answer);
  }
}
