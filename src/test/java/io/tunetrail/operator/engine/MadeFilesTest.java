package io.tunetrail.operator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.MadeFiles.MadeFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MadeFilesTest {
  /** As hands.py prints it. */
  private static final String LOG =
      """
      Generating /tmp/draft-1/0/a1_plays.py ...  done

      tunetrail-files begin 86 150096a3f81949400feed48928e92e2110bf08493760f66f11e582779f06f1f9
      eJyrVkrLzEktVrJSiK5WKkgsyQCylMpSi4oz8/OK9RMN4wtyEiuL9QoqlXQUlEpSK0pA8impaQqlBelFiSmpGppWCjGlRgZGZgrKCqYGqjF5SrWxtQDFhRrp
      tunetrail-files end
      """;

  @Test
  void files_come_back_from_between_other_lines() {
    assertThat(MadeFiles.parse(LOG))
        .isEqualTo(
            Optional.of(
                new MadeFiles(
                    List.of(new MadeFile("versions/a1_plays.py", "def upgrade(): … # 50%\n")))));
  }

  @Test
  void what_is_not_whole_is_nothing() {
    assertThat(MadeFiles.parse(LOG.replace("tunetrail-files end", ""))).isEmpty();
    assertThat(MadeFiles.parse(LOG.replaceFirst("begin (\\d+)", "begin 9$1"))).isEmpty();
    assertThat(MadeFiles.parse("nothing\n")).isEmpty();
  }
}
