package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What pages name of the command line is there, also where it stands in a sentence. */
class CommandsOfPagesTest {
  private static final Path PAGES = Path.of("src", "docs");

  /** Generated from what Reason says, which is prose. */
  private static final Path REASONS = PAGES.resolve("reasons.md");

  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^|[` ])(?:kubectl )?tunetrail ([a-z][^`|#>\n]*)");
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");

  @Test
  void each_command_and_its_options_are_known() throws IOException {
    try (var files = Files.walk(PAGES)) {
      var pages = files.filter(it -> it.toString().endsWith(".md")).toList();
      var commands =
          pages.stream()
              .filter(it -> !it.equals(REASONS))
              .flatMap(it -> COMMAND.matcher(text(it)).results())
              .map(it -> it.group(1))
              .toList();
      assertThat(commands).hasSizeGreaterThan(30).allSatisfy(CommandsOfPagesTest::isKnown);
    }
  }

  @Test
  void what_is_not_known_is_noticed() {
    for (var command : List.of("approve songs --force", "rollback songs", "plan songs --local")) {
      assertThat(isParsed(command)).as(command).isEqualTo(command.startsWith("plan"));
    }
  }

  private static void isKnown(String command) {
    if (!isParsed(command)) {
      fail("a page has the command tunetrail %s, which is not known", command);
    }
  }

  /** Whether nothing of it is unknown; a sentence may leave out what the command needs. */
  private static boolean isParsed(String command) {
    var words = WORD.matcher(command).results().map(MatchResult::group).toArray(String[]::new);
    try {
      Commands.commandLine(Terminal.NONE).parseArgs(words);
      return true;
    } catch (CommandLine.UnmatchedArgumentException e) {
      return false;
    } catch (CommandLine.ParameterException e) {
      return true;
    }
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
