package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.MonitoringLogin;
import io.tunetrail.operator.status.Conditions;
import io.tunetrail.operator.status.StatusFactory;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of the login for monitoring, beside all else. */
class MonitoringTest {
  private static Case measuredBy(@Nullable MonitoringLogin login) {
    var given = new Case();
    given.activity = new Activity(Map.of(), null, null, login);
    return given;
  }

  private static TuneTrailDatabaseStatus status(
      @Nullable TuneTrailDatabaseStatus previous, Case given) {
    return StatusFactory.next(previous, 1, given.desired(), given.observed(), given.plan());
  }

  private static Optional<Condition> monitored(TuneTrailDatabaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.MONITORED);
  }

  @Test
  void where_no_login_is_named_nothing_is_said() {
    assertThat(monitored(status(null, measuredBy(null)))).isEmpty();
  }

  @Test
  void a_login_that_measures_is_told() {
    assertThat(monitored(status(null, measuredBy(new MonitoringLogin(null)))))
        .hasValueSatisfying(it -> assertThat(it.status()).isEqualTo("True"));
  }

  @Test
  void a_refused_login_has_a_reason_of_its_own_and_changes_nothing_else() {
    var refused = measuredBy(new MonitoringLogin("password authentication failed"));
    assertThat(monitored(status(null, refused)))
        .hasValueSatisfying(
            it -> {
              assertThat(it.status()).isEqualTo("False");
              assertThat(it.reason()).isEqualTo(Reason.MONITORING_FAILED.toString());
              assertThat(it.message())
                  .contains("password authentication failed. Correct monitoring.secretRef");
            });
    var others = status(null, measuredBy(null));
    assertThat(status(null, refused).conditions()).containsAll(others.conditions());
    assertThat(refused.plan().start()).isEqualTo(measuredBy(null).plan().start());
  }

  @Test
  void while_the_database_is_away_it_stays_as_it_was() {
    var before = status(null, measuredBy(new MonitoringLogin("refused")));
    var away = measuredBy(null);
    away.look = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused");
    assertThat(monitored(status(before, away))).isEqualTo(monitored(before));
  }
}
