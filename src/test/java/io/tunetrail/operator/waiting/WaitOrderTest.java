package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitOrderTest {

  private static Map<String, String> variables(String wanted, String... more) {
    var variables = new HashMap<>(Map.of("TUNETRAIL_WAIT_FOR", wanted));
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return variables;
  }

  private static String refusal(Map<String, String> variables) {
    return String.valueOf(
        assertThatIllegalArgumentException()
            .as("%s", variables)
            .isThrownBy(() -> WaitOrder.from(variables))
            .actual()
            .getMessage());
  }

  @Test
  void without_more_it_waits_ten_minutes_in_any_schema() {
    assertThat(WaitOrder.from(variables("7", "TUNETRAIL_WAIT_SCHEMA", "")))
        .isEqualTo(new WaitOrder(new Wanted.Version("7"), Duration.ofMinutes(10), null, null));
  }

  @Test
  void everything_can_be_said() {
    assertThat(
            WaitOrder.from(
                variables(
                    "current",
                    "TUNETRAIL_WAIT_DEADLINE",
                    "90s",
                    "TUNETRAIL_WAIT_SCHEMA",
                    "songs",
                    "TUNETRAIL_WAIT_TABLE",
                    "songs_version")))
        .isEqualTo(
            new WaitOrder(new Wanted.Current(), Duration.ofSeconds(90), "songs", "songs_version"));
    assertThat(WaitOrder.from(variables("create-all", "TUNETRAIL_WAIT_DEADLINE", "500ms")))
        .isEqualTo(new WaitOrder(new Wanted.CreateAll(), Duration.ofMillis(500), null, null));
    assertThat(WaitOrder.from(variables("3f2a", "TUNETRAIL_WAIT_DEADLINE", "2h")).deadline())
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void it_must_be_said_what_to_wait_for() {
    assertThat(refusal(Map.of()))
        .isEqualTo("set TUNETRAIL_WAIT_FOR to a version, to current or to create-all");
  }

  @Test
  void a_target_that_moves_is_refused() {
    for (var wanted : List.of("latest", "LATEST", "head", "heads", "base", "+1", "-1", "head@x")) {
      assertThat(refusal(variables(wanted)))
          .isEqualTo(
              "TUNETRAIL_WAIT_FOR is %s; name the version that this release needs, or current, or create-all"
                  .formatted(wanted));
    }
    refusal(variables(" 7"));
    refusal(variables("7\n"));
  }

  @Test
  void a_deadline_is_a_number_and_a_unit() {
    for (var deadline : List.of("10", "m", "1d", "-1s", "1.5h", "9999999s")) {
      assertThat(refusal(variables("7", "TUNETRAIL_WAIT_DEADLINE", deadline)))
          .contains("TUNETRAIL_WAIT_DEADLINE is " + deadline, "a number and a unit (ms, s, m, h)");
    }
  }

  @Test
  void create_all_has_neither_a_schema_nor_versions() {
    for (var variable : List.of("TUNETRAIL_WAIT_SCHEMA", "TUNETRAIL_WAIT_TABLE")) {
      assertThat(refusal(variables("create-all", variable, "songs")))
          .contains(variable + " does not go with create-all");
    }
  }
}
