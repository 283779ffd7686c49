package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.backup.BackupWord;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.ObservedRestore;
import io.tunetrail.operator.restore.RestorePlan;
import io.tunetrail.operator.restore.TestRestores;
import io.tunetrail.operator.status.BackupCondition;
import io.tunetrail.operator.status.Conditions;
import io.tunetrail.operator.status.RestoreStatusFactory;
import io.tunetrail.operator.status.StatusFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every combination of conditions that a status can have, made by the code that makes it, and how
 * Argo CD and Flux are to see it. What they see is tested by src/e2e/health, with their own
 * interpreters, on the table that this test compares with: {@code -Dgolden=write} writes it.
 */
class GitOpsHealthTest {
  private static final Path TABLE = Path.of("src", "test", "resources", "gitops", "health.txt");

  private static final String HEAD =
      """
      # Written by GitOpsHealthTest, read by src/e2e/health. Kind, the object's generation and the observed one, conditions, and how
      # Argo CD, kstatus and the expressions in examples/gitops/flux.yaml see them.
      """;

  private static final ApprovalStatus APPROVED = new ApprovalStatus("key", "1", "3", false, null);

  /** Where no backups are asked for, and each thing that can be said of them. */
  private static final List<Optional<BackupWord>> BACKUPS =
      List.of(
          Optional.empty(),
          backups(true, Reason.BACKED_UP),
          backups(false, Reason.BACKUP_FAILED),
          backups(null, Reason.NO_BACKUP_YET));

  private static Optional<BackupWord> backups(@Nullable Boolean healthy, Reason reason) {
    return Optional.of(
        new BackupWord(BackupStatus.NONE, healthy, new Verdict(reason, "as it is said")));
  }

  /** By what tells combinations apart; the first of each stays. */
  private final Map<String, String> lines = new LinkedHashMap<>();

  @Test
  void each_combination_of_conditions_is_in_the_table() throws IOException {
    unseen("TuneTrailDatabase");
    unseen("TuneTrailRestore");
    for (var reason : Reason.values()) {
      databases(reason);
      restores(reason);
    }
    var table =
        HEAD
            + lines.values().stream().distinct().map(it -> it + "\n").collect(Collectors.joining());
    if ("write".equals(System.getProperty("golden"))) {
      Files.createDirectories(TABLE.getParent());
      Files.writeString(TABLE, table);
    }
    assertThat(TABLE)
        .as("it is stale: run mvn test -Dtest=GitOpsHealthTest -Dgolden=write")
        .hasContent(table);
  }

  /** The schema's default, which stands until the operator has looked. */
  private void unseen(String kind) {
    lines.put(kind, kind + " 1/-1 = Progressing InProgress InProgress");
  }

  private void databases(Reason reason) {
    for (var row : rows()) {
      for (var look : looks(row, reason)) {
        row.look = look;
        for (var plan : plans(row, reason)) {
          for (var before : Stream.of(null, earlier(row)).toList()) {
            database(row, plan, before);
          }
        }
      }
    }
  }

  private void database(Case row, Plan plan, @Nullable TuneTrailDatabaseStatus before) {
    var next = StatusFactory.next(before, 2, row.desired(), row.observed(), plan);
    for (var word : BACKUPS) {
      var status = BackupCondition.in(next, before, 2, word, Case.NOW);
      var observed = status.observedGeneration();
      if (observed != null && status.conditions() != null) {
        add("TuneTrailDatabase", observed, status.conditions());
      }
    }
  }

  private void restores(Reason reason) {
    var desired = DesiredRestore.from(TestRestores.restore(TestRestores.IN_PLACE));
    var observed =
        new ObservedRestore(Case.NOW, new ObservedRestore.Missing(), List.of(), List.of(), true);
    var plan =
        new RestorePlan(RestorePhase.WAITING, new Verdict(reason, "so"), null, Lifecycle.PERIOD);
    var status = RestoreStatusFactory.next(null, 2, desired, observed, plan);
    add("TuneTrailRestore", 2, Optional.ofNullable(status.conditions()).orElseThrow());
  }

  private static List<Case> rows() {
    var rows = new ArrayList<Case>();
    for (var drift : drifts()) {
      for (var indexes : List.of(List.<String>of(), List.of("public.songs_title"))) {
        rows.add(row(new Case(), drift, indexes));
        rows.add(row(new Case().production().approve("3"), drift, indexes));
      }
    }
    return rows;
  }

  private static Case row(Case row, SchemaDrift drift, List<String> indexes) {
    row.drift = drift;
    row.invalidIndexes = indexes;
    return row;
  }

  private static List<SchemaDrift> drifts() {
    var some = List.of("table public.songs");
    return Stream.concat(
            Stream.of(SchemaDrift.State.values()).map(SchemaDrift::not),
            Stream.of(
                new SchemaDrift(
                    SchemaDrift.State.COMPARED, "a", "b", null, some, List.of(), List.of(), 1)))
        .toList();
  }

  private static List<Look> looks(Case row, Reason reason) {
    row.look = null;
    var seen = row.observed().look();
    if (reason.kind() == Reason.Kind.READY) {
      return List.of(seen);
    }
    var job = new ObservedJob("songs-look", Task.LOOK, "i", 1, null, new Running());
    return List.of(
        seen,
        new Look.Unseen(Reason.DATABASE_UNREACHABLE, "it does not answer"),
        new Look.Unseen(Reason.CONFIG_MAP_MISSING, "there is no ConfigMap songs"),
        new Look.UnderWay(job));
  }

  private static List<Plan> plans(Case row, Reason reason) {
    var verdict = new Verdict(reason, "so");
    var progress = new Case().plan().progress();
    var accepted = row.approval == null ? null : APPROVED;
    return Stream.of(null, Progress.at("3", "3"), progress)
        .flatMap(
            it ->
                Stream.of(false, reason.kind() == Reason.Kind.GATED)
                    .distinct()
                    .map(
                        gate ->
                            new Plan(
                                verdict, it, null, null, accepted, Lifecycle.PERIOD, gate, null)))
        .toList();
  }

  /** One that was looked at when the generation was another, with all that can be kept. */
  private static TuneTrailDatabaseStatus earlier(Case row) {
    var look = row.look;
    row.look = null;
    var plan =
        new Plan(
            new Verdict(Reason.AWAITING_APPROVAL, "so"),
            new Case().plan().progress(),
            null,
            null,
            null,
            Lifecycle.PERIOD,
            true,
            null);
    var status = StatusFactory.next(null, 1, row.desired(), row.observed(), plan);
    row.look = look;
    return status;
  }

  private void add(String kind, long observed, List<Condition> conditions) {
    var reason = reason(conditions);
    var states =
        conditions.stream()
            .map(it -> " " + it.type() + "=" + it.status())
            .collect(Collectors.joining());
    var whole =
        "%s 2/%d%s = %s"
            .formatted(
                kind,
                observed,
                states.replaceFirst("Ready=\\w+", "$0/" + reason),
                seen(reason, observed == 2));
    lines.putIfAbsent(kind + observed + reason.kind() + states, whole);
    lines.putIfAbsent(kind + reason, whole);
  }

  private static Reason reason(List<Condition> conditions) {
    var text = Conditions.find(conditions, Conditions.READY).orElseThrow().reason();
    return Stream.of(Reason.values())
        .filter(it -> it.toString().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static String seen(Reason reason, boolean current) {
    if (!current) {
      return "Progressing InProgress InProgress";
    }
    return switch (reason.kind()) {
      case READY -> "Healthy Current Current";
      case GATED -> "Suspended InProgress Current";
      case WORKING, HEALING -> "Progressing InProgress InProgress";
      case STALLED -> "Degraded Failed Failed";
    };
  }
}
