package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class RivalsTest {
  private final Rivals rivals = new Rivals();
  private final TuneTrailDatabase older = resource("music", "older", "2026-05-01T11:00:00Z", "b");
  private final TuneTrailDatabase younger =
      resource("music", "younger", "2026-05-01T12:00:00Z", "a");

  @Test
  void the_older_of_two_wins() {
    assertThat(rivals.olderThan(older, "one database", both())).isNull();
    assertThat(rivals.olderThan(younger, "one database", both()))
        .isEqualTo("TuneTrailDatabase older");
  }

  @Test
  void of_two_of_one_second_the_smaller_uid_wins() {
    var twin = resource("music", "twin", "2026-05-01T11:00:00Z", "a");
    rivals.olderThan(twin, "one database", List.of(older, twin));
    assertThat(rivals.olderThan(older, "one database", List.of(older, twin))).isNotNull();
    assertThat(rivals.olderThan(twin, "one database", List.of(older, twin))).isNull();
  }

  @Test
  void another_database_is_no_rival() {
    rivals.olderThan(older, "one database", both());
    assertThat(rivals.olderThan(younger, "another database", both())).isNull();
  }

  @Test
  void the_winner_that_is_gone_leaves_the_database_to_the_other() {
    rivals.olderThan(older, "one database", both());
    assertThat(rivals.olderThan(younger, "one database", List.of(younger))).isNull();
  }

  @Test
  void a_resource_of_another_namespace_is_not_named() {
    var foreign = resource("secret-project", "foreign", "2026-05-01T10:00:00Z", "c");
    rivals.olderThan(foreign, "one database", List.of(foreign));
    assertThat(rivals.olderThan(younger, "one database", List.of(foreign, younger)))
        .isEqualTo("a TuneTrailDatabase of another namespace");
  }

  private List<TuneTrailDatabase> both() {
    return List.of(older, younger);
  }

  private static TuneTrailDatabase resource(
      String namespace, String name, String created, String uid) {
    var resource = new TuneTrailDatabase();
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withCreationTimestamp(created)
            .withUid(uid)
            .build());
    return resource;
  }
}
