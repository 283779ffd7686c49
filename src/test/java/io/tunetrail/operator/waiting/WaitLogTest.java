package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.Password;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WaitLogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final WaitLog log = new WaitLog(new PrintStream(out, true, StandardCharsets.UTF_8));

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void every_password_that_was_ever_used_is_masked_whole() {
    log.hide(new Password(""));
    log.hide(new Password("secret1"));
    log.hide(new Password("secret12"));

    log.line("it was secret1 and is secret12");

    assertThat(said()).isEqualTo("it was *** and is ***\n");
  }

  @Test
  void what_does_not_change_is_said_once() {
    log.change("one");
    log.change("one");
    log.change("two");
    log.change("one");

    assertThat(said()).isEqualTo("one\ntwo\none\n");
  }
}
