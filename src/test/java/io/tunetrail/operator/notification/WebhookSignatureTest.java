package io.tunetrail.operator.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
  /** The example of Standard Webhooks' own libraries. */
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static String sign(String keys) {
    return WebhookSignature.by(keys)
        .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
  }

  @Test
  void it_is_what_other_libraries_make() {
    assertThat(sign(KEY + "\n")).isEqualTo(SIGNATURE);
  }

  @Test
  void while_a_key_is_replaced_both_sign() {
    assertThat(sign("whsec_" + "A".repeat(32) + "\n" + KEY).split(" ", -1))
        .hasSize(2)
        .contains(SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "secret",
        "whsec_c2hvcnQ=",
        "whsec_!!",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void what_is_no_key_is_refused_and_not_told(String text) {
    assertThatThrownBy(() -> WebhookSignature.by(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("secret ", "c2hvcnQ", "MfKQ9");
  }
}
