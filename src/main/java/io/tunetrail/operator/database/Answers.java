package io.tunetrail.operator.database;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last answers to questions that cost much; the least used are forgotten. */
final class Answers<K, V> {
  private static final int CAPACITY = 2000;

  private final Map<K, V> answers =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
          return size() > CAPACITY;
        }
      };

  synchronized @Nullable V get(K question) {
    return answers.get(question);
  }

  synchronized void put(K question, V answer) {
    answers.put(question, answer);
  }
}
