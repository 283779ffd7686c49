package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** src/docs/reasons.md is generated from {@link Reason}; {@code -Ddocs=write} writes it. */
class ReasonTableTest {
  private static final Path COMMITTED = Path.of("src", "docs", "reasons.md");
  private static final String HEAD =
      """
      # Why a database is as it is

      Generated from `io.tunetrail.operator.api.Reason`. The condition `Ready` has one of these reasons; its message says what
      happened in this case, then what to do. Events have the same reason and message.
      """;

  @Test
  void the_committed_table_is_what_the_source_says() throws IOException {
    var generated =
        HEAD
            + Arrays.stream(Reason.Kind.values())
                .map(ReasonTableTest::section)
                .collect(Collectors.joining());
    if ("write".equals(System.getProperty("docs"))) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED)
        .as("the table is stale: run mvn test -Dtest=ReasonTableTest -Ddocs=write")
        .hasContent(generated);
  }

  private static String section(Reason.Kind kind) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.kind() == kind)
        .map(ReasonTableTest::row)
        .sorted()
        .collect(
            Collectors.joining(
                "", "\n## %s\n\n| reason | what to do |\n|---|---|\n".formatted(title(kind)), ""));
  }

  private static String title(Reason.Kind kind) {
    return switch (kind) {
      case READY -> "Ready";
      case WORKING -> "Under way: Reconciling";
      case GATED -> "Waits for a person, as it should: neither Reconciling nor Stalled";
      case HEALING -> "Tried again by itself until the cause is gone: Reconciling";
      case STALLED -> "Waits until somebody changes something: Stalled";
    };
  }

  private static String row(Reason reason) {
    var remedy = reason.remedy().isEmpty() ? "Nothing." : reason.remedy();
    return "| `%s` | %s |\n".formatted(reason, remedy.replace("|", "\\|"));
  }
}
