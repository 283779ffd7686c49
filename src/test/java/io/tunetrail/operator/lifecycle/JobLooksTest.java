package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.JobLooks.Told;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.ObservedJob.State;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a Job must look at a database that the operator's own pod can't reach. */
class JobLooksTest {
  private static final Look.Seen SEEN = (Look.Seen) new Case().observed().look();
  private static final Look.Unseen AWAY = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "away");
  private static final Look.Unseen OLD = new Look.Unseen(Reason.UNSUPPORTED_SERVER, "old");

  private final List<ObservedJob> looks = new ArrayList<>();
  private final List<ObservedJob> works = new ArrayList<>();
  private long generation = 1;
  private String connection = "pg:5432";
  private String scripts = Case.SCRIPTS;
  private @Nullable Told told;

  @Test
  void without_any_look_one_is_due() {
    assertThat(due().jobName("karaoke")).matches("karaoke-look-[0-9a-f]{10}-1");
    assertThat(due().scriptsDigest()).isEqualTo(Case.SCRIPTS);
  }

  @Test
  void while_a_job_looks_no_other_is_due() {
    looks.add(job("look", Task.LOOK, inputs(), 1, new Running()));
    assertThat(look()).isEqualTo(new Look.UnderWay(looks.getFirst()));
  }

  @Test
  void what_was_seen_counts_for_five_minutes() {
    saw(SEEN, Duration.ofSeconds(299));
    assertThat(look()).isEqualTo(SEEN);
    saw(SEEN, Duration.ofMinutes(5));
    assertThat(due().attempt()).isEqualTo(3);
  }

  @Test
  void while_a_job_works_it_counts_for_a_minute() {
    works.add(job("migrate-1", Task.MIGRATE, "work", 1, new Running()));
    saw(SEEN, Duration.ofSeconds(59));
    assertThat(look()).isEqualTo(SEEN);
    saw(SEEN, Duration.ofMinutes(1));
    assertThat(look()).isInstanceOf(Look.Due.class);
  }

  @Test
  void a_change_of_the_spec_the_way_or_the_scripts_makes_another_look() {
    saw(SEEN, Duration.ZERO);
    generation = 2;
    assertThat(due().attempt()).isEqualTo(1);
    generation = 1;
    connection = "pg:5433";
    assertThat(due().attempt()).isEqualTo(1);
    connection = "pg:5432";
    scripts = "sha256:other";
    assertThat(due().scriptsDigest()).isEqualTo("sha256:other");
  }

  @Test
  void a_job_that_ended_makes_another_look_whatever_the_clocks_say() {
    saw(SEEN, Duration.ZERO);
    works.add(job("migrate-1", Task.MIGRATE, "work", 1, ended(Outcome.DONE, Duration.ofHours(1))));
    assertThat(due().attempt()).isEqualTo(1);
    saw(SEEN, Duration.ZERO);
    assertThat(look()).isEqualTo(SEEN);
    works.add(job("seed-1", Task.SEED, "seed", 1, ended(Outcome.DONE, Duration.ofMinutes(1))));
    assertThat(look()).isInstanceOf(Look.Due.class);
  }

  @Test
  void a_job_that_only_read_an_image_makes_none() {
    saw(SEEN, Duration.ZERO);
    works.add(job("inspect-1", Task.INSPECT, "image", 1, ended(Outcome.DONE, Duration.ZERO)));
    assertThat(look()).isEqualTo(SEEN);
  }

  @Test
  void one_under_way_for_what_is_no_more_is_awaited_and_does_not_count() {
    saw(SEEN, Duration.ZERO);
    looks.add(job("look-b", Task.LOOK, "sha256:before", 1, new Running()));
    assertThat(look()).isEqualTo(SEEN);
    generation = 2;
    assertThat(look()).isEqualTo(new Look.UnderWay(looks.getLast()));
  }

  @Test
  void a_database_that_is_away_is_looked_at_after_growing_pauses_of_at_most_a_minute() {
    saw(AWAY, Duration.ofMillis(1999));
    assertThat(look()).isEqualTo(AWAY);
    saw(AWAY, Duration.ofMillis(3999));
    assertThat(look()).isEqualTo(AWAY);
    saw(AWAY, Duration.ofSeconds(8));
    assertThat(look()).isInstanceOf(Look.Due.class);
    for (int more = 0; more < 10; more++) {
      saw(AWAY, Duration.ofSeconds(59));
    }
    assertThat(look()).isEqualTo(AWAY);
    saw(AWAY, Duration.ofMinutes(1));
    assertThat(look()).isInstanceOf(Look.Due.class);
  }

  @Test
  void what_a_person_must_mend_is_looked_at_every_five_minutes() {
    saw(OLD, Duration.ofSeconds(299));
    assertThat(look()).isEqualTo(OLD);
  }

  @Test
  void a_job_that_told_nothing_is_repeated_at_once_and_the_next_one_counts() {
    saw(null, Duration.ZERO);
    assertThat(due().attempt()).isEqualTo(2);
    saw(null, Duration.ZERO);
    assertThat(look())
        .isEqualTo(
            new Look.Unseen(Reason.JOB_LOST, "the log of Job look-2 does not tell what it saw"));
    ended(Outcome.INPUTS_CHANGED);
    assertThat(look()).isEqualTo(new Look.Unseen(Reason.INPUTS_CHANGED, "what happened"));
    saw(SEEN, Duration.ZERO);
    saw(null, Duration.ZERO);
    assertThat(look()).as("seen in between").isInstanceOf(Look.Due.class);
  }

  @Test
  void the_newest_look_stays_and_those_before_it_go() {
    saw(SEEN, Duration.ofMinutes(9));
    saw(SEEN, Duration.ofMinutes(4));
    looks.add(job("look-3", Task.LOOK, inputs(), 3, new Running()));
    assertThat(JobHistory.supersededLooks(looks)).containsExactly("look-1");
  }

  private void saw(Look.@Nullable Taken look, Duration ago) {
    var state = ended(Outcome.DONE, ago);
    add(look, state);
  }

  private void ended(Outcome outcome) {
    add(null, ended(outcome, Duration.ZERO));
  }

  private void add(Look.@Nullable Taken look, Ended state) {
    int attempt = jobLooks().newest(inputs()).map(ObservedJob::attempt).orElse(0) + 1;
    looks.add(job("look-" + attempt, Task.LOOK, inputs(), attempt, state));
    told = Told.after(told, looks.getLast(), look);
  }

  private Look look() {
    var current =
        jobLooks().newest(inputs()).isPresent()
                && told != null
                && told.job().inputs().equals(inputs())
            ? told
            : null;
    return jobLooks().look(Method.FLYWAY, inputs(), scripts, current, Case.NOW);
  }

  private Work due() {
    assertThat(look()).isInstanceOf(Look.Due.class);
    return ((Look.Due) look()).work();
  }

  private JobLooks jobLooks() {
    return new JobLooks(looks, works);
  }

  private String inputs() {
    return jobLooks().inputs("uid-1", generation, connection, scripts);
  }

  private static Ended ended(Outcome outcome, Duration ago) {
    return new Ended(outcome, Case.NOW.minus(ago), "what happened", null);
  }

  private static ObservedJob job(String name, Task task, String inputs, int attempt, State state) {
    return new ObservedJob(name, task, inputs, attempt, null, state);
  }
}
