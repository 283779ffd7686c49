package io.tunetrail.operator.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Method;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One Job may run at once. */
class JobQueueTest {
  private static final Look LOOK = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "");

  private Instant now = Instant.parse("2026-05-01T12:00:00Z");
  private final List<String> called = new ArrayList<>();
  private final Objects<TuneTrailDatabase> databases = new Objects<>();
  private final Objects<Job> jobs = new Objects<>();
  private final Objects<Pod> pods = new Objects<>();
  private final RunningJobs running = new RunningJobs(databases, jobs, pods);
  private final JobQueue queue =
      new JobQueue(new JobSlots(1, 1), () -> now, it -> called.add(it.getName()));

  @Test
  void who_comes_first_is_called_first_when_the_slot_is_free() {
    for (var name : List.of("a", "b", "c")) {
      databases.add(database(name));
    }
    assertThat(starts("a")).isTrue();
    jobs.add(job("a"));
    assertThat(starts("b")).isFalse();
    assertThat(starts("c")).isFalse();
    assertThat(starts("b")).as("asking again does not cost the place").isFalse();

    pods.add(ended("a"));
    wantsNothing("a");
    assertThat(called).containsExactly("b");
    assertThat(starts("c")).isFalse();
    assertThat(starts("b")).isTrue();
  }

  @Test
  void a_job_that_no_cache_has_yet_holds_its_slot() {
    databases.add(database("a"));
    databases.add(database("b"));
    assertThat(starts("a")).isTrue();
    assertThat(starts("b")).isFalse();
    assertThat(starts("a")).as("it may try again when the API refused it").isTrue();

    now = now.plus(Duration.ofMinutes(1));
    assertThat(starts("b")).as("that Job never came").isTrue();
  }

  @Test
  void a_resource_that_is_gone_keeps_nobody_waiting() {
    databases.add(database("a"));
    databases.add(database("gone"));
    databases.add(database("b"));
    starts("a");
    assertThat(starts("gone")).isFalse();
    assertThat(starts("b")).isFalse();

    databases.remove("gone");
    wantsNothing("a");
    assertThat(called).containsExactly("b");
  }

  @Test
  void who_was_called_and_does_not_come_lets_the_next_one_go_first() {
    for (var name : List.of("a", "stuck", "b")) {
      databases.add(database(name));
    }
    starts("a");
    starts("stuck");
    starts("b");
    wantsNothing("a");
    assertThat(called).containsExactly("stuck");

    now = now.plus(Duration.ofMinutes(1));
    wantsNothing("a");
    assertThat(called).containsExactly("stuck", "b");
  }

  @Test
  void who_was_called_is_not_called_again_by_each_that_comes_before_it() {
    for (var name : List.of("a", "b", "c")) {
      databases.add(database(name));
    }
    starts("a");
    starts("b");
    wantsNothing("a");
    wantsNothing("c");
    assertThat(called).containsExactly("b");
  }

  @Test
  void jobs_that_ran_before_the_operator_started_count() {
    databases.add(database("a"));
    databases.add(database("b"));
    jobs.add(job("a"));
    assertThat(starts("b")).isFalse();
    pods.add(ended("a"));
    assertThat(starts("b")).isTrue();
  }

  @Test
  void looks_have_slots_of_their_own_and_cost_no_place_among_works() {
    for (var name : List.of("a", "b", "c")) {
      databases.add(database(name));
    }
    var admission = new Admission(new JobSlots(1, 1), () -> now, it -> called.add(it.getName()));
    assertThat(admitted(admission, "a", LOOK)).isEqualTo(Task.MIGRATE);
    jobs.add(job("a"));
    assertThat(admitted(admission, "b", LOOK)).as("its work waits").isNull();
    assertThat(admitted(admission, "b", due())).as("its look does not").isEqualTo(Task.LOOK);
    jobs.add(look("b"));
    assertThat(admitted(admission, "c", due())).as("one look at once").isNull();

    pods.add(ended("a"));
    admission.admit(database("a"), plan(new Verdict(Reason.UP_TO_DATE, ""), null), LOOK, running);
    assertThat(called).as("b keeps its place while it is looked at").containsExactly("b");
    pods.add(ended("look-b"));
    called.clear();
    assertThat(admitted(admission, "b", LOOK)).isEqualTo(Task.MIGRATE);
    assertThat(called).as("the slot of b's look is free").contains("c");
  }

  private static Look due() {
    return new Look.Due(new Work(Method.FLYWAY, Task.LOOK, "inputs", 1, "scripts", null, null));
  }

  /** What a resource may start that wants to look, or else to work. */
  private @Nullable Task admitted(Admission admission, String name, Look look) {
    var work =
        look instanceof Look.Due(Work it)
            ? it
            : new Work(Method.FLYWAY, Task.MIGRATE, "inputs", 1, "scripts", null, "1");
    var wanted = plan(new Verdict(Reason.MIGRATING, ""), work);
    var start = admission.admit(database(name), wanted, look, running).start();
    return start == null ? null : start.task();
  }

  private static Job look(String name) {
    return new JobBuilder(job(name))
        .editMetadata()
        .withName("look-" + name)
        .withUid("job-look-" + name)
        .addToLabels(JobLabels.TASK, "look")
        .endMetadata()
        .build();
  }

  private boolean starts(String name) {
    var work = new Work(Method.FLYWAY, Task.MIGRATE, "inputs", 1, "scripts", null, "1");
    var verdict = new Verdict(Reason.MIGRATING, "");
    var plan = queue.admit(database(name), plan(verdict, work), LOOK, running);
    if (plan.start() == null) {
      assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.WAITING_FOR_SLOT);
    }
    return plan.start() != null;
  }

  private void wantsNothing(String name) {
    queue.admit(database(name), plan(new Verdict(Reason.UP_TO_DATE, ""), null), LOOK, running);
  }

  private static Plan plan(Verdict verdict, @Nullable Work start) {
    return new Plan(verdict, null, start, null, null, Duration.ofSeconds(30));
  }

  private static TuneTrailDatabase database(String name) {
    var database = new TuneTrailDatabase();
    database.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace("music").withUid(name).build());
    return database;
  }

  private static Job job(String name) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("music")
        .withUid("job-" + name)
        .addToLabels(JobLabels.RESOURCE_UID, name)
        .endMetadata()
        .build();
  }

  /** The pod of that Job, whose condition does not say yet that it ended. */
  private static Pod ended(String job) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(job)
        .withNamespace("music")
        .addNewOwnerReference()
        .withUid("job-" + job)
        .endOwnerReference()
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withName(MigrationJob.CONTAINER)
        .withNewState()
        .withNewTerminated()
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  /** What an informer has. */
  private static final class Objects<T extends HasMetadata> implements Cache<T> {
    private final Map<ResourceID, T> objects = new LinkedHashMap<>();

    void add(T object) {
      objects.put(ResourceID.fromResource(object), object);
    }

    void remove(String name) {
      objects.remove(new ResourceID(name, "music"));
    }

    @Override
    public Optional<T> get(ResourceID id) {
      return Optional.ofNullable(objects.get(id));
    }

    @Override
    public Stream<ResourceID> keys() {
      return objects.keySet().stream();
    }

    @Override
    public Stream<T> list(Predicate<T> predicate) {
      return objects.values().stream().filter(predicate);
    }
  }
}
