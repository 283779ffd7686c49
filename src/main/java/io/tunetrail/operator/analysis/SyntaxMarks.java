package io.tunetrail.operator.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What matters here of the syntax trees that {@code squawk --debug parse} prints: a line a node,
 * indented by its depth, {@code KIND@FROM..TO} in bytes, and after a token its text.
 */
final class SyntaxMarks {
  static final String COMMENT = "COMMENT";
  static final String WHERE = "WHERE_CLAUSE";
  static final String CASCADE = "CASCADE";
  static final String CALL = "CALL_EXPR";
  static final Set<String> OF_ROWS = Set.of("DELETE", "UPDATE");
  static final Set<String> RELATIONS = Set.of("TABLE_NAME_REF", "RELATION_NAME_REF", "VIEW_REF");

  private static final String FILE = "SOURCE_FILE";
  private static final Pattern LINE =
      Pattern.compile("( *)([A-Z][A-Z_0-9]*)@(\\d+)\\.\\.(\\d+)( .*)?");
  private static final Set<String> BETWEEN = Set.of("WHITESPACE", "SEMICOLON", "EMPTY_STMT");
  private static final int INDENT = 2;

  private SyntaxMarks() {}

  /**
   * A node or a comment.
   *
   * @param depth 1 for a statement
   * @param from the first byte
   * @param to the byte after the last
   */
  record Mark(String kind, int depth, int from, int to) {

    boolean within(int begin, int end) {
      return begin <= from && to <= end;
    }

    boolean touches(int begin, int end) {
      return from < end && begin < to;
    }
  }

  /** The marks of each file, in the order of the files. */
  static List<List<Mark>> parse(String output) {
    var files = new ArrayList<List<Mark>>();
    output
        .lines()
        .forEach(
            line -> {
              var node = LINE.matcher(line);
              if (!node.matches()) {
                return;
              }
              if (node.group(2).equals(FILE)) {
                files.add(new ArrayList<>());
                return;
              }
              var mark =
                  new Mark(
                      node.group(2),
                      node.group(1).length() / INDENT,
                      Integer.parseInt(node.group(3)),
                      Integer.parseInt(node.group(4)));
              if (matters(mark)) {
                files.getLast().add(mark);
              }
            });
    return files;
  }

  private static boolean matters(Mark mark) {
    return (mark.depth() == 1 && !BETWEEN.contains(mark.kind()))
        || mark.kind().equals(COMMENT)
        || mark.kind().equals(WHERE)
        || mark.kind().equals(CASCADE)
        || mark.kind().equals(CALL)
        || OF_ROWS.contains(mark.kind())
        || RELATIONS.contains(mark.kind());
  }

  /** The DELETEs and UPDATEs among the marks that have no WHERE of their own. */
  static List<String> everyRow(List<Mark> marks) {
    return marks.stream()
        .filter(it -> OF_ROWS.contains(it.kind()))
        .filter(
            it ->
                marks.stream()
                    .noneMatch(
                        where ->
                            where.kind().equals(WHERE)
                                && where.depth() == it.depth() + 1
                                && where.within(it.from(), it.to())))
        .map(Mark::kind)
        .toList();
  }
}
