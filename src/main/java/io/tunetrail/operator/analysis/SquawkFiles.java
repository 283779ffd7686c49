package io.tunetrail.operator.analysis;

import io.tunetrail.operator.analysis.SyntaxMarks.Mark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A plan as files for squawk: each script is one, for its rules know what an earlier statement has
 * made, and each statement is one besides, because the lock is told once a file.
 */
final class SquawkFiles {
  /** In a line of its own, for a statement may end in a comment. */
  private static final byte[] END = "\n;\n".getBytes(StandardCharsets.UTF_8);

  private static final Pattern LOCK = Pattern.compile("Statement requires: ([A-Z ]+) lock");
  private static final String LOCK_RULE = "require-lock-timeout";

  private final List<Place> places = new ArrayList<>();
  private final TreeMap<String, byte[]> scripts = new TreeMap<>();

  /**
   * Where a statement stands.
   *
   * @param from its first byte in the script's file
   * @param line its first line there, from 0
   */
  private record Place(String file, int from, int to, int line, int lineAfter) {}

  SquawkFiles(List<PlannedStatement> statements) {
    var file = new ByteArrayOutputStream();
    int lines = 0;
    for (int at = 0; at < statements.size(); at++) {
      if (at > 0 && !statements.get(at).script().equals(statements.get(at - 1).script())) {
        scripts.put(scriptFile(), file.toByteArray());
        file.reset();
        lines = 0;
      }
      int from = file.size();
      var sql = statements.get(at).sql().getBytes(StandardCharsets.UTF_8);
      file.writeBytes(sql);
      file.writeBytes(END);
      int after = lines + newLines(sql) + newLines(END);
      places.add(new Place(scriptFile(), from, file.size(), lines, after));
      lines = after;
    }
    scripts.put(scriptFile(), file.toByteArray());
  }

  private String scriptFile() {
    return "script-%06d.sql".formatted(scripts.size());
  }

  private static String statementFile(int at) {
    return "statement-%06d.sql".formatted(at);
  }

  private static int newLines(byte[] text) {
    return (int) IntStream.range(0, text.length).filter(at -> text[at] == '\n').count();
  }

  /** The scripts by file, in the order in which squawk is to parse them. */
  Map<String, byte[]> scripts() {
    return scripts;
  }

  /**
   * Scripts and statements without their comments, by which a script's author could tell squawk to
   * be silent; all else stays where it was.
   *
   * @param marks of each script
   */
  Map<String, byte[]> uncommented(List<List<Mark>> marks) {
    var files = new TreeMap<String, byte[]>();
    int script = 0;
    for (var file : scripts.entrySet()) {
      files.put(file.getKey(), blanked(file.getValue(), marks.get(script++)));
    }
    for (int at = 0; at < places.size(); at++) {
      var place = places.get(at);
      var text = Objects.requireNonNull(files.get(place.file()));
      files.put(statementFile(at), Arrays.copyOfRange(text, place.from(), place.to()));
    }
    return files;
  }

  private static byte[] blanked(byte[] text, List<Mark> marks) {
    var blanked = text.clone();
    marks.stream()
        .filter(it -> it.kind().equals(SyntaxMarks.COMMENT))
        .flatMapToInt(it -> IntStream.range(it.from(), it.to()))
        .filter(at -> blanked[at] != '\n')
        .forEach(at -> blanked[at] = ' ');
    return blanked;
  }

  /** What is said of each statement. */
  List<Linted> linted(List<List<Mark>> marks, List<Linted.Report> reports) {
    var names = List.copyOf(scripts.keySet());
    var byFile = reports.stream().collect(Collectors.groupingBy(Linted.Report::file));
    return IntStream.range(0, places.size())
        .mapToObj(at -> linted(at, marks.get(names.indexOf(places.get(at).file())), byFile))
        .toList();
  }

  private Linted linted(int at, List<Mark> all, Map<String, List<Linted.Report>> byFile) {
    var place = places.get(at);
    var own = own(all, place);
    var said =
        byFile.getOrDefault(place.file(), List.of()).stream()
            .filter(it -> place.line() <= it.line() && it.line() < place.lineAfter())
            .toList();
    return new Linted(
        all.stream().anyMatch(it -> isTorn(it, place))
            || said.stream().anyMatch(it -> it.rule().equals("syntax-error")),
        own.stream().filter(SquawkFiles::isStatement).map(Mark::kind).toList(),
        SyntaxMarks.everyRow(own),
        own.stream().anyMatch(it -> it.kind().equals(SyntaxMarks.CASCADE)),
        own.stream().anyMatch(it -> it.kind().equals(SyntaxMarks.CALL)),
        tables(own, place),
        said,
        lock(byFile.getOrDefault(statementFile(at), List.of())));
  }

  /** Marks are in the order of their first bytes. */
  private static List<Mark> own(List<Mark> all, Place place) {
    int begin = before(all, place.from());
    int end = before(all, place.to());
    return all.subList(begin, end).stream()
        .filter(it -> it.within(place.from(), place.to()))
        .toList();
  }

  private static int before(List<Mark> all, int from) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).from() < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static boolean isStatement(Mark mark) {
    return mark.depth() == 1
        && !mark.kind().equals(SyntaxMarks.COMMENT)
        && !mark.kind().equals("ERROR");
  }

  /** A quote or comment that nothing ends swallows the statements after it. */
  private static boolean isTorn(Mark mark, Place place) {
    return mark.depth() == 1
        && mark.touches(place.from(), place.to())
        && !mark.within(place.from(), place.to());
  }

  private List<String> tables(List<Mark> own, Place place) {
    var text = Objects.requireNonNull(scripts.get(place.file()));
    return own.stream()
        .filter(it -> SyntaxMarks.RELATIONS.contains(it.kind()))
        .map(it -> new String(text, it.from(), it.to() - it.from(), StandardCharsets.UTF_8))
        .distinct()
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static @Nullable String lock(List<Linted.Report> reports) {
    return reports.stream()
        .filter(it -> it.rule().equals(LOCK_RULE))
        .map(it -> LOCK.matcher(Objects.requireNonNullElse(it.help(), "")))
        .filter(Matcher::find)
        .map(it -> it.group(1))
        .findFirst()
        .orElse(null);
  }
}
