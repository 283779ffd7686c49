package io.tunetrail.operator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import io.tunetrail.operator.engine.ScriptListing.Listed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** What is told in a log and read from it. */
class ImageSourceTest {
  private static final RevisionGraph GRAPH = graph("first");

  private static RevisionGraph graph(String message) {
    return new RevisionGraph(
        List.of(new Revision("a1", List.of(), List.of(), List.of("main"), message, "sha256:1")),
        "sha256:2",
        "sha256:3");
  }

  private static String frame(String json) {
    return "tunetrail-revisions begin %d %s\n%stunetrail-revisions end\n"
        .formatted(bytes(json).length, digest(json), packed(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(String json) {
    return Digest.ofBytes(bytes(json)).substring("sha256:".length());
  }

  private static String packed(String json) {
    var packed = new ByteArrayOutputStream();
    try (var zlib = new DeflaterOutputStream(packed)) {
      zlib.write(bytes(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder()
        .encodeToString(packed.toByteArray())
        .replaceAll("(.{1,100})", "$1\n");
  }

  @Test
  void a_graph_is_found_among_whatever_else_the_image_prints() {
    var log = "loading\n\n" + frame(graph("ünï 'quoted'").toJson()) + "bye\n";

    assertThat(Holds.REVISIONS.told(log)).contains(graph("ünï 'quoted'"));
    assertThat(Holds.REVISIONS.told(log.replace("\n", "\r\n"))).contains(graph("ünï 'quoted'"));
  }

  @Test
  void the_last_of_several_counts() {
    assertThat(Holds.REVISIONS.told(frame(graph("old").toJson()) + frame(GRAPH.toJson())))
        .contains(GRAPH);
  }

  @Test
  void what_is_not_whole_is_none() {
    var whole = frame(GRAPH.toJson());
    var lines = whole.lines().toList();

    assertThat(Holds.REVISIONS.told("")).isEmpty();
    assertThat(Holds.REVISIONS.told(whole.replace("tunetrail-revisions end\n", ""))).isEmpty();
    assertThat(Holds.REVISIONS.told(whole.replace(lines.get(1) + "\n", ""))).isEmpty();
    assertThat(Holds.REVISIONS.told(whole.replace(lines.get(1), "no base64!"))).isEmpty();
  }

  @Test
  void length_and_digest_must_be_those_of_the_text() {
    var json = GRAPH.toJson();
    var whole = frame(json);
    var length = Integer.toString(bytes(json).length);

    assertThat(Holds.REVISIONS.told(whole.replace(digest(json), digest("{}")))).isEmpty();
    assertThat(Holds.REVISIONS.told(whole.replace("begin " + length, "begin 7"))).isEmpty();
    assertThat(Holds.REVISIONS.told(whole.replace("begin " + length, "begin 999999999"))).isEmpty();
  }

  @Test
  void a_long_listing_comes_back_from_the_log_as_it_was_told() {
    var files =
        IntStream.range(0, 1000)
            .mapToObj(
                it ->
                    new Listed(
                        "V%d__ünï.sql".formatted(it),
                        Kind.VERSIONED,
                        Integer.toString(it),
                        "ünï",
                        -it,
                        Digest.of("content", Integer.toString(it)),
                        null,
                        null))
            .toList();
    var listing = new ScriptListing(files, "sha256:scripts");
    var log = "before\n" + Holds.SCRIPTS.telling(listing) + "after\n";

    assertThat(log.lines()).allMatch(it -> it.length() <= 1000);
    assertThat(Holds.SCRIPTS.told(log)).contains(listing);
    assertThat(Holds.REVISIONS.told(log)).isEmpty();
  }

  @Test
  void what_is_no_graph_is_none() {
    assertThat(Holds.REVISIONS.told(frame("[1]"))).isEmpty();
  }
}
