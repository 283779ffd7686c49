package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
  /** By name, so that a new reason has a remedy whatever its kind. */
  private static final Set<Reason> WELL_OR_UNDER_WAY =
      EnumSet.of(
          Reason.UP_TO_DATE,
          Reason.MIGRATING,
          Reason.CREATING_TABLES,
          Reason.INSPECTING,
          Reason.UNDOING,
          Reason.ADOPTING,
          Reason.SEEDING,
          Reason.BACKED_UP,
          Reason.RESTORING,
          Reason.RESTORED,
          Reason.VERIFIED);

  @ParameterizedTest
  @EnumSource(Reason.class)
  void every_reason_is_camel_case_and_says_what_to_do_unless_all_is_well(Reason reason) {
    assertThat(reason.toString()).matches("([A-Z][a-z]+)+");
    if (!WELL_OR_UNDER_WAY.contains(reason)) {
      assertThat(reason.remedy()).as(reason.toString()).matches("[A-Z].{10,}\\.");
    }
  }
}
