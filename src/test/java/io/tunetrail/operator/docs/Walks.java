package io.tunetrail.operator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What scenarios do of the pages, as the calls of src/e2e/pages.sh in them say. Patterns are
 * written in the call, so that they are known here, too.
 */
record Walks(List<Walk> walks) {
  static final Path SCENARIOS = Path.of("src", "e2e", "scenarios");

  /** {@code walk PAGE}. */
  private static final Pattern WALK = Pattern.compile("\\bwalk ([a-z][a-z-]*)");

  /** {@code walk_part PAGE 'HEADINGS'}. */
  private static final Pattern PART = Pattern.compile("\\bwalk_part ([a-z][a-z-]*) '([^']*)'");

  /** {@code page_blocks LANGUAGE 'PATTERN' PAGE}. */
  private static final Pattern BLOCKS =
      Pattern.compile("\\bpage_blocks ([a-z]+) '([^']*)' ([a-z][a-z-]*)");

  /** {@code grep --extended-regexp 'PATTERN' "$ROOT/src/docs/PAGE.md"}: of a block of one line. */
  private static final Pattern LINE =
      Pattern.compile("\\bgrep --extended-regexp '([^']*)' \"\\$ROOT/src/docs/([a-z-]+)\\.md\"");

  /** {@code $(page LANGUAGE)}, where {@code PAGE} is one page: its first block of that language. */
  private static final Pattern FIRST = Pattern.compile("\\$\\(page ([a-z]+)\\)");

  private static final Pattern PAGE = Pattern.compile("(?m)^PAGE=\\$ROOT/src/docs/([a-z-]+)\\.md$");

  /** One call, and which blocks of its page it does. */
  record Walk(String page, Predicate<Page.Block> does) {}

  static Walks read() {
    try (var files = Files.list(SCENARIOS)) {
      return new Walks(files.sorted().map(Walks::code).flatMap(Walks::of).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Walk> of(String code) {
    var named = PAGE.matcher(code).results().map(it -> it.group(1)).findFirst();
    return Stream.of(
            found(WALK, code).map(it -> new Walk(it.group(1), block -> true)),
            found(PART, code).map(it -> new Walk(it.group(1), below(it.group(2)))),
            found(BLOCKS, code)
                .map(it -> new Walk(it.group(3), matching(it.group(1), it.group(2)))),
            found(LINE, code).map(it -> new Walk(it.group(2), line(it.group(1)))),
            found(FIRST, code).flatMap(it -> named.map(page -> first(page, it.group(1))).stream()))
        .flatMap(it -> it);
  }

  private static Stream<MatchResult> found(Pattern pattern, String code) {
    return pattern.matcher(code).results();
  }

  private static Predicate<Page.Block> below(String headings) {
    var pattern = Pattern.compile(headings);
    return block -> pattern.matcher(block.heading()).find();
  }

  /** As awk has it: a dot is any character, and ^ the block's beginning. */
  private static Predicate<Page.Block> matching(String language, String pattern) {
    var compiled = Pattern.compile(pattern, Pattern.DOTALL);
    return block -> block.language().equals(language) && compiled.matcher(block.text()).find();
  }

  private static Predicate<Page.Block> line(String pattern) {
    var compiled = Pattern.compile(pattern);
    return block -> block.text().lines().count() == 1 && compiled.matcher(block.text()).find();
  }

  private static Walk first(String page, String language) {
    var blocks = Page.read(Page.FOLDER.resolve(page + ".md")).blocks().stream();
    var first = blocks.filter(it -> it.language().equals(language)).findFirst().orElseThrow();
    return new Walk(page, first::equals);
  }

  /** Whether a scenario does that block. */
  boolean reach(Page page, Page.Block block) {
    return walks.stream().anyMatch(it -> it.page().equals(page.name()) && it.does().test(block));
  }

  /** All scenarios, without their comments. */
  static String code() {
    try (var files = Files.list(SCENARIOS)) {
      return String.join("", files.sorted().map(Walks::code).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String code(Path scenario) {
    try (var lines = Files.lines(scenario)) {
      return String.join("\n", lines.filter(it -> !it.stripLeading().startsWith("#")).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
