package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The table of commands is generated from them; {@code -Ddocs=write} writes it. */
class CommandTableTest {
  private static final Path PAGE = Path.of("src", "docs", "command-line.md");
  private static final String HEAD = "| command | what it does |\n|---|---|\n";

  @Test
  void the_page_lists_every_command_as_it_is() throws IOException {
    var generated =
        HEAD
            + Commands.commandLine(Terminal.NONE).getSubcommands().values().stream()
                .map(CommandTableTest::row)
                .collect(Collectors.joining());
    var page = Files.readString(PAGE);
    int begin = page.indexOf(HEAD);
    int end = page.indexOf("\n\n", begin) + 1;
    if ("write".equals(System.getProperty("docs"))) {
      page = page.substring(0, begin) + generated + page.substring(end);
      Files.writeString(PAGE, page);
      end = begin + generated.length();
    }
    assertThat(page.substring(begin, end))
        .as("the table is stale: run mvn test -Dtest=CommandTableTest -Ddocs=write")
        .isEqualTo(generated);
  }

  private static String row(CommandLine command) {
    var spec = command.getCommandSpec();
    var parameters =
        spec.positionalParameters().stream()
            .map(it -> it.arity().min() == 0 ? " [%s]" : " %s")
            .collect(Collectors.joining());
    var labels = spec.positionalParameters().stream().map(it -> it.paramLabel()).toArray();
    var required =
        spec.options().stream()
            .filter(it -> it.required() && it.group() == null)
            .map(it -> " %s %s".formatted(it.longestName(), it.paramLabel()))
            .collect(Collectors.joining());
    var description = spec.usageMessage().description()[0];
    return "| `%s%s%s` | %s |\n"
        .formatted(spec.name(), parameters.formatted(labels), required, description);
  }
}
