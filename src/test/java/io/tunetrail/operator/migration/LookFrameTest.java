package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.LogFrame;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Adopted;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.lifecycle.WriteAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LookFrameTest {

  static Stream<Look.Taken> looks() {
    return Stream.of(
        new Look.Unseen(Reason.TLS_FAILED, "pg:5432: \"Zertifikat\" für\nniemanden"),
        seen(new SchemaState.CreateAll(null)),
        full(new SchemaState.CreateAll("sha256:applied")),
        seen(new SchemaState.Unreadable("V1 stands twice")),
        full(new SchemaState.Alembic(true, false, List.of("aa11", "bb22"))),
        full(flyway(500)));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void what_a_job_saw_is_read_as_it_was_seen(Look.Taken look) {
    assertThat(LookFrame.parse(log(LookFrame.lines(look)))).contains(look);
  }

  @Test
  void no_line_is_longer_than_a_containers_runtime_leaves_whole() {
    assertThat(LookFrame.lines(full(flyway(5_000))))
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(4_096));
  }

  @Test
  void a_log_that_was_cut_off_tells_nothing() {
    var lines = LookFrame.lines(full(flyway(500)));
    for (int kept = 0; kept < lines.size(); kept++) {
      assertThat(LookFrame.parse(log(lines.subList(0, kept)))).isEmpty();
    }
  }

  @Test
  void what_another_version_of_the_program_told_is_nothing() {
    var json = LookJson.of(full(flyway(1)));
    for (var other :
        List.of(
            json.replace("\"migratedBefore\":true,", ""),
            json.replace("\"migratedBefore\":true", "\"migratedBefore\":true,\"more\":1"),
            json.replace("APPLIED", "LOVED"),
            json.replace("\"seen\"", "\"heard\""),
            "{}")) {
      assertThat(other).isNotEqualTo(json);
      assertThat(LookFrame.parse(log(LogFrame.lines(other, "tunetrail-look")))).isEmpty();
    }
  }

  private static String log(List<String> lines) {
    return "looking\n" + String.join("\n", lines) + "\nDone (exit code 0)\n";
  }

  private static SchemaState flyway(int migrations) {
    var all = new ArrayList<Migration>();
    for (int version = 1; version <= migrations; version++) {
      all.add(
          new Migration(
              "" + version,
              "Lieder für " + version,
              "V%d__x.sql".formatted(version),
              "sha256:%064x".formatted(version * 7919L),
              null,
              State.APPLIED));
    }
    all.add(new Migration(null, "view", "R__view.sql", null, "sha256:undo", State.REMOVED));
    return new SchemaState.Flyway(true, true, "1", all);
  }

  private static Look.Seen seen(SchemaState schema) {
    return new Look.Seen(
        new DatabaseFacts(
            "identity",
            "server",
            140000,
            false,
            false,
            0,
            0,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            false,
            null,
            schema,
            SchemaDrift.not(SchemaDrift.State.UNRECORDED),
            List.of(),
            DatabaseFacts.Activity.UNKNOWN,
            WriteAccess.WRITABLE));
  }

  private static LastMigration work(String outcome) {
    return new LastMigration(
        "job",
        outcome,
        "1",
        "2",
        "then",
        "now",
        "message",
        "ada",
        "migrate",
        "sha256:approved",
        "1s",
        "grace",
        "karaoke-20260501T110000Z");
  }

  private static Look.Seen full(SchemaState schema) {
    return new Look.Seen(
        new DatabaseFacts(
            "identity",
            "server",
            180004,
            true,
            true,
            Long.MAX_VALUE,
            7,
            Environment.PRODUCTION,
            List.of("public.songs_idx"),
            "tunetrail/karaoke-migrate-1",
            new InterruptedScript("V2__index.sql", "karaoke-migrate-0", "again"),
            work("Done"),
            "sha256:created",
            "sha256:seeded",
            List.of(new ForeignHistory("public.alembic_version", "ALTER TABLE …")),
            true,
            new Adopted("1", "token"),
            schema,
            new SchemaDrift(
                SchemaDrift.State.COMPARED,
                "sha256:now",
                "sha256:then",
                "2026-05-01T12:00:00Z",
                List.of("table public.songs: column born"),
                List.of("view public.overview"),
                List.of("table public.songs: column title is text, was \"Text\""),
                30),
            List.of(work("Running"), work("Done")),
            new DatabaseFacts.Activity(
                Map.of("idle in transaction", 2),
                new DatabaseFacts.SlowStatements(3, 1234.5),
                new DatabaseFacts.Replication(2, 0.25, 4096L),
                new DatabaseFacts.MonitoringLogin("refused")),
            WriteAccess.READ_ONLY));
  }
}
