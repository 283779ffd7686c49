package io.tunetrail.operator.guard;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a program's last words say, as far as a person needs it.
 *
 * @param exception the class of the exception that ended it, a driver's own where SQLAlchemy wraps
 *     it; empty where none did
 * @param text the exception's own words, or else the program's last ones
 * @param detail PostgreSQL's detail and hint; empty where there are none
 * @param statement the first line of the SQL that failed; null where none is named
 * @param traceback all of the last traceback; empty where there is none
 */
record ProgramWords(
    String exception, String text, String detail, @Nullable String statement, String traceback) {
  private static final int LONGEST = 400;
  private static final int LONGEST_STATEMENT = 160;

  /** Without a traceback's beginning, which may be too far back, the exception itself begins. */
  private static final Pattern RAISED =
      Pattern.compile(
          "Traceback \\(most recent call last\\):|(sqlalchemy|psycopg2?|asyncpg)\\.[\\w.]+: .*");

  /** SQLAlchemy names the driver's exception in parentheses, asyncpg's again within that. */
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "([A-Za-z_][\\w.]*)(?:: (?:\\(([\\w.]+)\\) )?(?:<class '([\\w.]+)'>: )?(.*))?");

  private static final Pattern FAILED = Pattern.compile("\\s*FAILED: .*");
  private static final Pattern PLACE = Pattern.compile("\\s+File \"(.+)\", line (\\d+).*");
  private static final Pattern SQL = Pattern.compile("\\[SQL: ?(.*)");
  private static final Pattern DETAIL = Pattern.compile("(DETAIL|HINT): .*");
  private static final Pattern ASIDE =
      Pattern.compile("\\[(SQL|parameters|cached since|generated in).*|\\(Background on .*");

  static ProgramWords of(String output) {
    var lines = output.lines().map(String::stripTrailing).toList();
    int raised = last(lines, RAISED);
    int failed = last(lines, FAILED);
    if (failed > raised) {
      return plain(failure(lines.subList(failed, lines.size())));
    }
    return raised < 0 ? plain(ending(lines)) : raised(lines.subList(raised, lines.size()));
  }

  private static int last(List<String> lines, Pattern pattern) {
    int at = lines.size() - 1;
    while (at >= 0 && !pattern.matcher(lines.get(at)).matches()) {
      at--;
    }
    return at;
  }

  private static ProgramWords plain(String text) {
    return new ProgramWords("", cut(text, LONGEST), "", null, "");
  }

  /** Alembic breaks its sentence into indented lines. */
  private static String failure(List<String> lines) {
    return lines.stream()
        .takeWhile(it -> !it.isBlank())
        .map(String::strip)
        .collect(Collectors.joining(" "))
        .replaceFirst("FAILED: ", "");
  }

  private static String ending(List<String> lines) {
    var said = lines.stream().map(String::strip).filter(it -> !it.isEmpty()).toList();
    return String.join(" ", said.subList(Math.max(0, said.size() - 2), said.size()));
  }

  private static ProgramWords raised(List<String> lines) {
    int at = 0;
    while (at < lines.size() && !EXCEPTION.matcher(lines.get(at)).matches()) {
      at++;
    }
    var said = lines.subList(at, lines.size());
    var first = EXCEPTION.matcher(said.isEmpty() ? "" : said.getFirst());
    if (!first.matches()) {
      return plain(ending(lines));
    }
    var exception = group(first, 3, group(first, 2, group(first, 1, "")));
    var words = group(first, 4, "");
    return new ProgramWords(
        exception,
        cut(
            (words.isEmpty() ? exception : words) + place(exception, lines.subList(0, at)),
            LONGEST),
        detail(said),
        statement(said),
        String.join("\n", lines));
  }

  private static String group(Matcher matcher, int group, String otherwise) {
    return Objects.requireNonNullElse(matcher.group(group), otherwise);
  }

  /** Where a file can't be read as Python, its name is not in the words. */
  private static String place(String exception, List<String> frames) {
    var place = PLACE.matcher(frames.isEmpty() ? "" : frames.get(Math.max(0, last(frames, PLACE))));
    return exception.endsWith("SyntaxError") && place.matches()
        ? " (%s, line %s)".formatted(place.group(1), place.group(2))
        : "";
  }

  private static String detail(List<String> said) {
    var detail =
        said.stream()
            .takeWhile(it -> !ASIDE.matcher(it).matches())
            .filter(it -> DETAIL.matcher(it).matches())
            .map(it -> ". " + it.replaceAll("\\s+", " "))
            .collect(Collectors.joining());
    return cut(detail, LONGEST);
  }

  private static @Nullable String statement(List<String> said) {
    int at = last(said, SQL);
    if (at < 0) {
      return null;
    }
    var sql = SQL.matcher(said.get(at));
    var first = sql.matches() ? sql.group(1).strip() : "";
    if (first.isEmpty()) {
      var after = said.subList(at + 1, said.size()).stream();
      first = after.map(String::strip).filter(it -> !it.isEmpty()).findFirst().orElse("");
    }
    return cut(first.replaceFirst("]$", ""), LONGEST_STATEMENT);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "…";
  }
}
