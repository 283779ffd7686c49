package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

  @ParameterizedTest
  @EnumSource(Reason.class)
  void every_reason_is_camel_case_and_says_what_to_do_unless_all_is_well(Reason reason) {
    assertThat(reason.toString()).matches("([A-Z][a-z]+)+");
    var wellOrUnderWay = reason.kind() == Reason.Kind.READY || reason.kind() == Reason.Kind.WORKING;
    if (!wellOrUnderWay) {
      assertThat(reason.remedy()).as(reason.toString()).endsWith(".");
    }
  }
}
