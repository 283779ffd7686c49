package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlembicLineTest {
  private static final RevisionGraph LINE =
      graph(
          revision("aa11", List.of()),
          revision("bb22", List.of("aa11")),
          revision("cc33", List.of("bb22")));

  /** Branch search: dd11, dd22; branch songs: ee11; both begin after aa11, and ff11 merges them. */
  private static final RevisionGraph FORK =
      graph(
          revision("aa11", List.of()),
          revision("dd11", List.of("aa11"), "search"),
          revision("ee11", List.of("aa11"), "songs"),
          revision("dd22", List.of("dd11")),
          revision("ff11", List.of("dd22", "ee11")));

  /** hh11, a branch of its own, depends on gg11, so that gg11 has no row of its own. */
  private static final RevisionGraph DEPENDING =
      graph(
          revision("aa11", List.of()),
          revision("gg11", List.of("aa11"), "songs"),
          new Revision("hh11", List.of(), List.of("gg11"), List.of(), "makes hh11", "h"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cc33 | -1     | cc33 → bb22 (undoes cc33)",
        "cc33 | -3     | cc33 → base (undoes cc33, bb22, aa11)",
        "aa11 | +2     | aa11 → cc33 (applies bb22, cc33)",
        "     | +1     | none → aa11 (applies aa11)",
        "aa11 | latest | aa11 → latest, now cc33 (applies bb22, cc33)",
        "aa11 | head   | aa11 → head, now cc33 (applies bb22, cc33)",
        "aa11 | bb     | aa11 → bb22 (applies bb22)",
        "cc33 | base   | cc33 → base (undoes cc33, bb22, aa11)",
        "cc33 | cc33   | cc33 → cc33 (nothing to run)"
      })
  void on_one_line_a_request_becomes_a_revision(
      @Nullable String current, String request, String words) {
    assertThat(found(LINE, current, request)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dd22,ee11 | search@-1 | dd22,ee11 → dd11 (undoes dd22)",
        "ee11      | search@+1 | ee11 → dd11 (applies dd11)",
        "dd22,ee11 | search@+1 | dd22,ee11 → ff11 (applies ff11)",
        "dd11      | songs@+1  | dd11 → ee11 (applies ee11)",
        "dd11      | -1        | dd11 → aa11 (undoes dd11)"
      })
  void a_label_walks_on_its_branch(String current, String request, String words) {
    assertThat(found(FORK, current, request)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hh11      | aa11    | hh11 → aa11 (undoes hh11, gg11)",
        "hh11      | gg11    | hh11 → gg11 (nothing to run)",
        "hh11      | heads   | hh11 → heads, now gg11,hh11 (nothing to run)",
        "gg11      | hh11    | gg11 → hh11 (applies hh11)"
      })
  void what_depends_on_another_branch_stands_for_it(String current, String request, String words) {
    assertThat(found(DEPENDING, current, request)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aa11      | +1        | several revisions come after aa11: name the one that is meant:"
            + " dd11, ee11",
        "ff11      | -1        | ff11 merges several revisions: name the one that is meant: dd22,"
            + " ee11",
        "dd22,ee11 | -1        | the database is at several revisions; name the branch, as in"
            + " LABEL@-1: ee11, dd22",
        "dd22,ee11 | songs@-1  | going back to aa11 would undo revisions of other branches too:"
            + " dd22, dd11; if that is meant, name aa11 itself",
        "aa11      | plays@+1  | the image has no branch plays",
        "ee11      | songs@+2  | 2 steps are too many; so many revisions come after ee11: 1",
        "9999      | -1        | the database is at 9999, which the image does not have; take the"
            + " image that has it",
        "aa11      | zz        | the image has no revision or branch zz; its heads are ff11"
      })
  void what_could_mean_several_things_is_not_guessed(
      String current, String request, String message) {
    assertThat(AlembicLine.of(FORK, current, null).resolve(TargetRequest.parse(request)))
        .isEqualTo(new Answer.Refused(message));
  }

  private static String found(RevisionGraph graph, @Nullable String current, String request) {
    var answer = AlembicLine.of(graph, current, null).resolve(TargetRequest.parse(request));
    return answer instanceof Answer.Found(Move move) ? move.words() : answer.toString();
  }

  private static RevisionGraph graph(Revision... revisions) {
    return new RevisionGraph(List.of(revisions), "scripts", "environment");
  }

  private static Revision revision(String id, List<String> down, String... labels) {
    return new Revision(id, down, List.of(), List.of(labels), "makes " + id, "digest of " + id);
  }
}
