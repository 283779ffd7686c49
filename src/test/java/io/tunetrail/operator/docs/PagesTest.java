package io.tunetrail.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation hangs together, and what it tells a reader to do is done by a scenario. */
class PagesTest {
  private static final Path RUNBOOKS = Page.FOLDER.resolve("runbooks");
  private static final Path INDEX = Page.FOLDER.resolve("README.md");
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "tunetrail", "operator");
  private static final Pattern CLASS = Pattern.compile("`([a-z]+)\\.([A-Z]\\w+)`");
  private static final Pattern SCENARIO = Pattern.compile("(?<![\\w-])[1-9][0-9]-[a-z]+[a-z-]*\\b");
  private static final Set<String> LANGUAGES = Set.of("sh", "sql", "yaml", "json", "mermaid", "");

  @Test
  void every_link_leads_somewhere() {
    for (var page : Page.all()) {
      for (var link : page.links()) {
        assertThat(leads(page, link)).as("%s links to %s", page.path(), link).isTrue();
      }
    }
  }

  @Test
  void every_page_is_reached_from_the_index() {
    var reached = new HashSet<Path>();
    var next = new ArrayDeque<>(Set.of(INDEX));
    while (!next.isEmpty()) {
      var path = next.remove();
      if (reached.add(path)) {
        targets(Page.read(path)).forEach(next::add);
      }
    }
    assertThat(reached)
        .containsAll(
            Page.all().stream().map(Page::path).filter(it -> it.startsWith(Page.FOLDER)).toList());
    assertThat(targets(Page.read(Path.of("README.md")))).contains(INDEX);
  }

  @Test
  void each_block_that_a_page_says_to_do_is_done_by_a_scenario() {
    var walks = Walks.read();
    for (var page : Page.ofTheFolder()) {
      for (var block : page.done()) {
        assertThat(walks.reach(page, block))
            .as(
                "let a scenario walk %s, or say above this block why not:%n%s",
                page.path(), block.text())
            .isTrue();
      }
    }
  }

  @Test
  void what_is_not_walked_is_noticed() {
    var page = Page.read(Page.FOLDER.resolve("quick-start.md"));
    var walks = Walks.read();
    assertThat(page.done()).hasSizeGreaterThan(8);
    for (var block : page.done()) {
      var elsewhere = new Page.Block(block.language(), block.text(), block.above(), "Elsewhere");
      assertThat(walks.reach(page, elsewhere)).as(block.text()).isFalse();
    }
  }

  @Test
  void runbooks_have_commands_and_all_of_them_are_followed_by_a_scenario() {
    var runbooks = Page.all().stream().filter(it -> it.path().startsWith(RUNBOOKS)).toList();
    assertThat(runbooks)
        .isNotEmpty()
        .allSatisfy(
            page -> {
              assertThat(page.done()).as(page.path().toString()).isNotEmpty();
              assertThat(page.blocks()).noneMatch(Page.Block::isLeftOut);
            });
    assertThat(Walks.code())
        .contains("in \"$PAGES\"/runbooks/*.md; do", "page_commands \"runbooks/");
  }

  @Test
  void what_is_not_done_says_why_above_a_block() {
    for (var page : Page.ofTheFolder()) {
      var said = page.prose().stream().filter(it -> it.startsWith(Page.NOT_RUN)).toList();
      assertThat(page.blocks().stream().filter(Page.Block::isLeftOut).map(Page.Block::above))
          .as(page.path().toString())
          .containsExactlyElementsOf(said)
          .allMatch(it -> it.endsWith(".*"), "is one line, and ends in .*");
    }
  }

  @Test
  void blocks_are_of_languages_that_scenarios_know() {
    for (var page : Page.ofTheFolder()) {
      for (var block : page.blocks()) {
        assertThat(block.language()).as(page.path().toString()).isIn(LANGUAGES);
        if (block.language().equals("yaml") && !block.isObject() && !block.isLeftOut()) {
          assertThat(block.text()).as(page.path().toString()).startsWith("spec:\n");
        }
      }
    }
  }

  @Test
  void the_front_door_has_the_commands_that_ci_reads_by_number_and_an_object_that_is_run() {
    var blocks = Page.read(Path.of("README.md")).blocks();
    assertThat(blocks.stream().filter(it -> it.language().equals("sh")).map(Page.Block::text))
        .containsExactly("mvn -q -Pdemo test-compile\n", "mvn verify\n");
    assertThat(
            Page.read(Page.FOLDER.resolve("quick-start.md")).blocks().stream()
                .map(Page.Block::text))
        .containsAll(blocks.stream().filter(Page.Block::isObject).map(Page.Block::text).toList());
  }

  @Test
  void the_chart_is_installed_as_the_quick_start_says() {
    var installed =
        Page.read(Page.FOLDER.resolve("quick-start.md")).done().stream()
            .filter(it -> it.text().contains("helm install"))
            .toList();
    assertThat(installed).hasSize(1);
    assertThat(Page.read(Page.CHART).blocks().getFirst().text())
        .isEqualTo(installed.getFirst().text());
  }

  @Test
  void classes_and_scenarios_that_pages_name_are_there() {
    for (var page : Page.ofTheFolder()) {
      var prose = String.join("\n", page.prose());
      for (var named : CLASS.matcher(prose).results().toList()) {
        assertThat(SOURCES.resolve(named.group(1)).resolve(named.group(2) + ".java"))
            .as("%s names %s", page.path(), named.group())
            .exists();
      }
      for (var named : SCENARIO.matcher(prose).results().toList()) {
        assertThat(Walks.SCENARIOS.resolve(named.group() + ".sh"))
            .as("%s names %s", page.path(), named.group())
            .exists();
      }
    }
  }

  private static boolean leads(Page page, String link) {
    var parts = link.split("#", 2);
    var target = parts[0].isEmpty() ? page.path() : resolved(page, parts[0]);
    return Files.exists(target)
        && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
  }

  private static Path resolved(Page page, String link) {
    return page.path().resolveSibling(link).normalize();
  }

  /** The pages that it links to; a folder stands for those in it. */
  private static Set<Path> targets(Page page) {
    return page.links().stream()
        .map(it -> it.split("#", 2)[0])
        .filter(it -> !it.isEmpty())
        .map(it -> resolved(page, it))
        .filter(it -> it.startsWith(Page.FOLDER))
        .flatMap(PagesTest::pages)
        .collect(Collectors.toSet());
  }

  private static Stream<Path> pages(Path path) {
    if (!Files.isDirectory(path)) {
      return Stream.of(path).filter(it -> it.toString().endsWith(".md"));
    }
    try (var files = Files.list(path)) {
      return files.filter(it -> it.toString().endsWith(".md")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
