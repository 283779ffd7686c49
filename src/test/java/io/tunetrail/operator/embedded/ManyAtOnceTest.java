package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.runtime.Configuration;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More resources than Jobs may run. */
class ManyAtOnceTest {
  private static final int RESOURCES = 30;
  private static final int AT_ONCE = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Set<String> waited = new HashSet<>();
  private int mostAtOnce;

  @Test
  void fault_55_many_resources_at_once_are_all_served_by_a_few_jobs_at_once(@TempDir Path folder) {
    try (var platform =
        new EmbeddedPlatform(
            folder,
            client ->
                OperatorRuntime.start(
                    client,
                    new Configuration(
                        "local-process", Set.of(), 0, null, new JobSlots(100, AT_ONCE))))) {
      platform.applyConfigMap("scripts", Map.of("V1__songs.sql", "CREATE TABLE songs (id int);"));
      var names = IntStream.range(0, RESOURCES).mapToObj(i -> "many-" + i).toList();
      for (var name : names) {
        platform.newDatabase(name, name, name, "secret");
        platform.applyFlyway(name, "scripts");
      }
      Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> names.stream().filter(it -> isReady(platform, it)).count() == RESOURCES);
      assertThat(mostAtOnce).isBetween(1, AT_ONCE);
      assertThat(waited).as("those that said that they wait").isNotEmpty();
      assertThat(platform.client().batch().v1().jobs().list().getItems())
          .as("one Job each")
          .hasSize(RESOURCES);
    }
  }

  private boolean isReady(EmbeddedPlatform platform, String name) {
    var alive = platform.client().pods().list().getItems().stream().filter(ManyAtOnceTest::works);
    mostAtOnce = Math.max(mostAtOnce, Math.toIntExact(alive.count()));
    var ready = EmbeddedPlatform.ready(platform.get(name));
    ready
        .filter(it -> it.reason().equals(Reason.WAITING_FOR_SLOT.toString()))
        .map(Condition::message)
        .ifPresent(
            message -> {
              assertThat(message).startsWith(AT_ONCE + " Jobs work on this database server");
              waited.add(name);
            });
    return ready.filter(it -> it.status().equals("True")).isPresent();
  }

  private static boolean works(Pod pod) {
    var statuses = pod.getStatus() == null ? null : pod.getStatus().getContainerStatuses();
    return statuses == null
        || statuses.isEmpty()
        || requireNonNull(statuses.getFirst().getState()).getTerminated() == null;
  }
}
