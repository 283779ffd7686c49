package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tunetrail.operator.api.AlembicSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.Inspection.Known;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptContentTest {
  private static final ImageSource APP = source("app:1");

  @Test
  void what_was_kept_is_read_with_the_inspection_that_told_it() {
    var kept = kept("uid-1", APP, "scripts", "12:00:00Z");
    assertThat(KeptContent.newest(List.of(kept), "uid-1", APP))
        .contains(new Known(graph("scripts"), "sha256:inspection"));
  }

  @Test
  void other_content_has_another_name_because_a_node_keeps_what_it_once_read() {
    assertThat(kept("uid-1", APP, "moved", "12:00:00Z").getMetadata().getName())
        .startsWith("songs-revisions-")
        .isNotEqualTo(kept("uid-1", APP, "scripts", "12:00:00Z").getMetadata().getName());
  }

  @Test
  void the_scripts_of_an_image_are_kept_under_a_name_of_their_own() {
    var scripts = new ImageSource(Holds.SCRIPTS, "sql:1", "sha256:source");
    var listing = new ScriptListing(List.of(), "sha256:scripts");
    var kept = KeptContent.of(resource("uid-1"), scripts, listing, null, "sha256:inspection");

    assertThat(kept.getMetadata().getName()).startsWith("songs-scripts-");
    assertThat(kept.getData()).containsEntry("image", "sql:1").containsKey("listing.json");
    assertThat(KeptContent.newest(List.of(kept), "uid-1", scripts))
        .contains(new Known(listing, "sha256:inspection"));
    assertThat(KeptContent.newest(List.of(kept), "uid-1", APP)).isEmpty();
  }

  @Test
  void the_newest_counts_where_an_older_one_is_still_there() {
    var older = kept("uid-1", APP, "scripts", "12:00:00Z");
    var newer = kept("uid-1", APP, "moved", "12:00:01Z");
    for (var both : List.of(List.of(older, newer), List.of(newer, older))) {
      assertThat(KeptContent.newest(both, "uid-1", APP).orElseThrow().content().scripts())
          .isEqualTo("moved");
    }
  }

  @Test
  void another_image_another_owner_and_an_edited_content_do_not_count() {
    var mine = kept("uid-1", APP, "scripts", "12:00:00Z");
    assertThat(KeptContent.newest(List.of(mine), "uid-1", source("app:2"))).isEmpty();
    assertThat(KeptContent.newest(List.of(mine), "uid-2", APP)).isEmpty();
    var edited =
        new ConfigMapBuilder(mine)
            .addToData(Holds.REVISIONS.file(), graph("somebody's").toJson())
            .build();
    assertThat(KeptContent.newest(List.of(edited), "uid-1", APP)).isEmpty();
  }

  @Test
  void another_release_s_format_is_not_read_and_what_has_none_is_the_first() {
    var mine = kept("uid-1", APP, "scripts", "12:00:00Z");
    var newer = new ConfigMapBuilder(mine).addToData("format", "2").build();
    var first = new ConfigMapBuilder(mine).removeFromData("format").build();
    assertThat(KeptContent.newest(List.of(newer), "uid-1", APP)).isEmpty();
    assertThat(KeptContent.newest(List.of(first), "uid-1", APP)).isPresent();
  }

  private static TuneTrailDatabase resource(String uid) {
    var resource = new TuneTrailDatabase();
    resource.setMetadata(
        new ObjectMetaBuilder().withName("songs").withNamespace("music").withUid(uid).build());
    return resource;
  }

  private static ConfigMap kept(String uid, ImageSource source, String scripts, String time) {
    var kept =
        KeptContent.of(resource(uid), source, graph(scripts), "sha256:image", "sha256:inspection");
    return new ConfigMapBuilder(kept)
        .editMetadata()
        .withCreationTimestamp("2026-05-01T" + time)
        .endMetadata()
        .build();
  }

  private static ImageSource source(String image) {
    return AlembicSettings.of(
            new AlembicSpec(image, null, null, null, null, null, null, null, null))
        .source();
  }

  private static RevisionGraph graph(String scripts) {
    var users = new Revision("aa11", List.of(), List.of(), List.of(), "users", "sha256:a");
    return new RevisionGraph(List.of(users), scripts, "sha256:environment");
  }
}
