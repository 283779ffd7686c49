package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole pages, as a person sees them. */
class StatusPageTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String PENDING =
      "migrationVersion: '2', targetVersion: '4', pendingCount: 2, pendingDigest: '"
          + DIGEST
          + "', pending: [{version: '3', description: users}, {description: songs view}]";

  @Test
  void what_waits_for_an_approval_says_how_to_give_it() {
    var database =
        Databases.karaoke(
            PENDING
                + ", tableCount: 12, databaseSize: 7.4 MB, lastMigration: {job: karaoke-migrate-1,"
                + " outcome: Done, from: '1', to: '2', started: '2026-01-01T10:00:00Z', finished:"
                + " '2026-01-01T10:00:02.5Z', approvedBy: ada}",
            "False",
            "AwaitingApproval",
            "2 migrations to version 4 would run. Approve it in spec.approval.");
    assertThat(new StatusPage(database, List.of(), Style.PLAIN).text())
        .isEqualTo(
            """
            Database
              Name:     karaoke in namespace songs
              Edition:  commercial, production
              Method:   flyway
              Tables:   12, 7.4 MB
              State:    AwaitingApproval, waits for a person, as it should
              Message:  2 migrations to version 4 would run. Approve it in spec.approval.
              Next:     kubectl tunetrail approve karaoke

            Versions
              Database:  2
              Target:    latest, now 4

            Pending
              VERSION     DESCRIPTION
              3           users
              repeatable  songs view
              Digest: %s

            History
              WHEN                  FROM  TO  OUTCOME  TOOK   APPROVED BY  JOB
              2026-01-01T10:00:00Z  1     2   Done     2.5 s  ada          karaoke-migrate-1

            Conditions
              TYPE      STATUS  SINCE                 REASON
              Ready     False   2026-01-01T00:00:00Z  AwaitingApproval
              Approved  False   2026-01-01T00:00:00Z  AwaitingApproval
            """
                .formatted(DIGEST));
  }

  @Test
  void what_failed_shows_its_jobs_and_what_the_last_one_said() {
    var database =
        Databases.of(
            "staging",
            "migrationVersion: '2', targetVersion: '3', lastMigration: {job: karaoke-migrate-2,"
                + " outcome: SqlFailed, from: '2', to: '2', message: 'V3__users.sql, line 1: syntax"
                + " error'}",
            "False",
            "MigrationFailed",
            "V3__users.sql, line 1: syntax error. Correct the script.",
            "approval: {version: '3', undo: true, approvedBy: ada, comment: at night}");
    var jobs =
        List.of(
            job("karaoke-migrate-1", 1, ended()),
            job(
                "karaoke-migrate-2",
                2,
                new ObservedJob.Blocked(Reason.IMAGE_PULL_FAILED, "no such image", null)),
            job("karaoke-migrate-3", 3, new ObservedJob.Running()));
    assertThat(new StatusPage(database, jobs, Style.PLAIN).text())
        .contains(
            """
              State:    MigrationFailed, waits until somebody changes something
              Message:  V3__users.sql, line 1: syntax error. Correct the script.

            Versions
              Database:  2
              Target:    latest, now 3

            Approval
              Version:  3, undo
              By:       ada
              Comment:  at night

            History
              WHEN  FROM  TO  OUTCOME    TOOK  APPROVED BY  JOB
              -     2     2   SqlFailed  -     -            karaoke-migrate-2
              V3__users.sql, line 1: syntax error

            """)
        .endsWith(
            """
            Jobs
              NAME               TASK     ATTEMPT  STATE
              karaoke-migrate-2  migrate  2        ImagePullFailed: no such image
              karaoke-migrate-3  migrate  3        running
              karaoke-migrate-1  migrate  1        Done at 2026-01-01T10:00:00Z
            """);
  }

  @Test
  void plan_drift_and_history_are_shown_where_the_operator_tells_of_them() {
    var database =
        Databases.karaoke(
            "migrationVersion: '3', targetVersion: '4', plan: {digest: '"
                + DIGEST
                + "', configMap: karaoke-plan, from: '3', target: '4', statements: 2, destructive:"
                + " true, warnings: 1}, drift: {count: 12, added: [index public.hand_made],"
                + " changed: [table public.users]}, history: [{job: b, outcome: Done, to: '3',"
                + " task: migrate}, {job: a, outcome: Done, to: '2'}]",
            "True",
            "UpToDate",
            "the database is at version 3");
    assertThat(new StatusPage(database, null, Style.PLAIN).text())
        .contains(
            """
            Plan
              Way:          3 → 4
              Statements:   2
              Warnings:     1
              Destructive:  yes
              ConfigMap:    karaoke-plan
              Digest:       %s

            History
              WHEN  FROM  TO  OUTCOME  TOOK  APPROVED BY  JOB
              -     -     3   Done     -     -            b
              -     -     2   Done     -     -            a

            Drift
              + index public.hand_made
              ~ table public.users
              and 10 more
            """
                .formatted(DIGEST))
        .endsWith("Jobs\n  you may not list Jobs and pods of this namespace\n");
  }

  @Test
  void colours_are_for_terminals() {
    var database = Databases.karaoke("", "True", "UpToDate", "there is nothing to migrate");
    assertThat(new StatusPage(database, List.of(), Style.COLOURED).text())
        .startsWith("\u001b[1mDatabase\u001b[0m\n")
        .contains("\u001b[32mUpToDate, ready\u001b[0m\n");
    assertThat(new StatusPage(database, List.of(), Style.PLAIN).text()).doesNotContain("\u001b");
  }

  @Test
  void a_status_older_than_the_spec_says_so() {
    var unseen =
        Databases.of(
            """
            apiVersion: tunetrail.io/v1alpha1
            kind: TuneTrailDatabase
            metadata: {name: karaoke, generation: 1}
            spec: {edition: community, environment: staging, connection: {secretRef: {name: a}}, schema: {createAll: {configMaps: [{name: a}]}}}
            """);
    assertThat(StateText.of(unseen, Style.PLAIN))
        .startsWith("the operator has not looked at it yet");
  }

  @Test
  void several_are_a_line_each() {
    var waits = Databases.karaoke(PENDING, "False", "AwaitingApproval", "");
    var ready = Databases.of("staging", "migrationVersion: '4'", "True", "UpToDate", "", "");
    assertThat(DatabaseTable.of(List.of(waits, ready), true, Style.PLAIN))
        .isEqualTo(
            """
            NAMESPACE  NAME     EDITION     ENVIRONMENT  VERSION  TARGET  PENDING  STATE
            songs      karaoke  commercial  production   2        4       2        AwaitingApproval
            songs      karaoke  commercial  staging      4        -       -        UpToDate
            """);
    assertThat(DatabaseTable.of(List.of(ready), false, Style.PLAIN))
        .isEqualTo(
            """
            NAME     EDITION     ENVIRONMENT  VERSION  TARGET  PENDING  STATE
            karaoke  commercial  staging      4        -       -        UpToDate
            """);
  }

  private static ObservedJob job(String name, int attempt, ObservedJob.State state) {
    return new ObservedJob(name, Task.MIGRATE, "sha256:i", attempt, null, state);
  }

  private static ObservedJob.Ended ended() {
    return new ObservedJob.Ended(Outcome.DONE, Instant.parse("2026-01-01T10:00:00Z"), null, null);
  }
}
