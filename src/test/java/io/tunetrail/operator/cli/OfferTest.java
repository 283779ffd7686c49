package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OfferTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String PLAN = "sha256:" + "cd".repeat(32);
  private static final String PENDING =
      "migrationVersion: '2', targetVersion: '4', pendingCount: 1, pendingDigest: '"
          + DIGEST
          + "', pending: [{version: '4', description: users}]";

  private static ApprovalTerms terms(@Nullable String comment, boolean destructive) {
    var terms = new ApprovalTerms();
    terms.comment = comment;
    terms.destructive = destructive;
    return terms;
  }

  @Test
  void it_is_what_the_status_says_would_run() throws CommandFailure {
    var offer = offer(PENDING, "");
    assertThat(offer.words())
        .isEqualTo(
            """
            karaoke in namespace songs (commercial, production): 2 → 4
              VERSION  DESCRIPTION
              4        users
              Digest: %s
            """
                .formatted(DIGEST));
    assertThat(offer.approval("ada", terms(null, false)).toJson("7"))
        .isEqualTo(
            "{\"metadata\":{\"resourceVersion\":\"7\"},\"spec\":{\"approval\":{\"approvedBy\":\"ada\",\"comment\":null,"
                + "\"digest\":\"%s\",\"undo\":null,\"version\":\"4\"}}}",
            DIGEST);
  }

  @Test
  void going_back_says_so_and_nothing_of_an_earlier_approval_stays() throws CommandFailure {
    var offer =
        offer(
            PENDING.replace("migrationVersion: '2'", "migrationVersion: '5'"),
            "approval: {version: '2', notAfter: '2026-01-01T00:00:00Z', destructive: true}");
    assertThat(offer.words()).contains("5 → 4, which goes back");
    assertThat(offer.approval("ada", terms("at night", false)).toJson("7"))
        .contains("\"undo\":true", "\"notAfter\":null", "\"destructive\":null", "\"at night\"");
    assertThat(offer.approval("ada", terms(null, true)).toJson("7"))
        .contains("\"destructive\":true");
  }

  @Test
  void the_plan_s_digest_is_named_where_a_plan_is_what_counts() throws CommandFailure {
    var status = PENDING + ", plan: {digest: '" + PLAN + "'}";
    assertThat(offer(status, "").digest()).isEqualTo(PLAN);
    assertThat(offer(status, "migration: {approval: Plan}").digest()).isEqualTo(PLAN);
    assertThat(offer(status, "migration: {approval: Version}").digest()).isEqualTo(DIGEST);
    assertThatThrownBy(() -> offer(PENDING, "migration: {approval: Plan}"))
        .hasMessageContaining("names no digest to approve yet");
  }

  @Test
  void a_rejection_is_over_once_it_is_approved() {
    var database =
        Databases.of(
            """
            apiVersion: tunetrail.io/v1alpha1
            kind: TuneTrailDatabase
            metadata: {name: a, annotations: {tunetrail.io/rejected-by: ada}}
            spec: {edition: saas, environment: production, connection: {secretRef: {name: a}}, schema: {flyway: {}}}
            """);
    assertThat(Rejection.cleared(database)).containsOnlyKeys(Rejection.BY);
    assertThat(Rejection.by("ada", "not today").toJson("7"))
        .contains(
            "\"approval\":null",
            "\"tunetrail.io/rejected-by\":\"ada\"",
            "\"tunetrail.io/rejected-because\":\"not today\"");
  }

  @Test
  void nothing_else_is_offered() {
    assertThat(
            Offer.objection(Databases.of("staging", PENDING, "False", "AwaitingApproval", "", "")))
        .hasValue("karaoke needs no approval: edition commercial in staging runs by itself");
    assertThat(Offer.objection(Databases.karaoke("observedGeneration: 1", "False", "A", "")).get())
        .contains(
            "has not looked at the newest spec of karaoke yet", "wait karaoke --for approval");
    assertThat(Offer.objection(Databases.karaoke("", "True", "UpToDate", "it is at 4")))
        .hasValue("nothing of karaoke waits for an approval: it is at 4");
  }

  private static Offer offer(String status, String spec) throws CommandFailure {
    var database =
        Databases.of("production", status, "False", "AwaitingApproval", "1 would run", spec);
    return Offer.of(
        database,
        (resource, desired) -> {
          throw new AssertionError("Flyway's versions say by themselves which way they go");
        });
  }
}
