package io.tunetrail.operator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of Markdown.
 *
 * @param path from the project's root
 * @param blocks what stands between fences
 * @param prose all lines outside of them
 */
record Page(Path path, List<Block> blocks, List<String> prose) {
  static final Path FOLDER = Path.of("src", "docs");
  static final Path CHART = Path.of("helm", "tunetrail-operator", "README.md");
  static final String NOT_RUN = "*Not run by the tests: ";

  private static final Pattern FENCE = Pattern.compile("^( *)```([a-z]*)$");
  private static final Pattern LINK = Pattern.compile("(?s)\\[[^\\]\\[]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} (.*)$");

  /**
   * A block of code.
   *
   * @param language empty where none is given
   * @param above the last line of prose before it
   * @param heading of the second level, that it is below; empty before the first
   */
  record Block(String language, String text, String above, String heading) {
    boolean isLeftOut() {
      return above.startsWith(NOT_RUN);
    }

    boolean isObject() {
      return language.equals("yaml") && text.lines().anyMatch(line -> line.startsWith("kind:"));
    }

    /** Whether a reader does something with it. */
    boolean isDone() {
      return language.equals("sh") || language.equals("sql") || isObject();
    }
  }

  static Page read(Path path) {
    var blocks = new ArrayList<Block>();
    var prose = new ArrayList<String>();
    var above = "";
    var heading = "";
    @Nullable Block inside = null;
    var text = new StringBuilder();
    for (var line : lines(path)) {
      var fence = FENCE.matcher(line);
      boolean isFence = fence.matches();
      if (inside != null && isFence && fence.group(2).isEmpty()) {
        blocks.add(new Block(inside.language(), text.toString(), inside.above(), inside.heading()));
        inside = null;
        above = "";
      } else if (inside != null) {
        text.append(line).append('\n');
      } else if (isFence) {
        inside = new Block(fence.group(2), "", above, heading);
        text.setLength(0);
      } else {
        prose.add(line);
        above = line.isBlank() ? above : line.strip();
        heading = line.startsWith("## ") ? line.substring(3) : heading;
      }
    }
    if (inside != null) {
      throw new IllegalStateException(path + " has a block without an end");
    }
    return new Page(path, List.copyOf(blocks), List.copyOf(prose));
  }

  /** All pages for readers. */
  static List<Page> all() {
    try (var below = Files.walk(FOLDER)) {
      var pages = below.filter(it -> it.getFileName().toString().endsWith(".md")).sorted().toList();
      return Stream.concat(
              Stream.of(Path.of("README.md"), Path.of("examples", "README.md"), CHART),
              pages.stream())
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pages of src/docs itself. */
  static List<Page> ofTheFolder() {
    return all().stream().filter(it -> FOLDER.equals(it.path().getParent())).toList();
  }

  /** As scenarios call it. */
  String name() {
    return path.getFileName().toString().replaceFirst("\\.md$", "");
  }

  /** What a reader does, but for what says why the tests don't. */
  List<Block> done() {
    return blocks.stream().filter(it -> it.isDone() && !it.isLeftOut()).toList();
  }

  /** Targets of links within the project. */
  List<String> links() {
    return LINK.matcher(String.join("\n", prose))
        .results()
        .map(it -> it.group(1))
        .filter(it -> !it.startsWith("https://"))
        .toList();
  }

  /** What a link may name behind its #, as GitHub makes it of the headings. */
  Set<String> anchors() {
    var anchors = new HashSet<String>();
    for (var line : prose) {
      HEADING.matcher(line).results().forEach(it -> anchors.add(anchor(it)));
    }
    return anchors;
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 _-]", "")
        .replace(' ', '-');
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
