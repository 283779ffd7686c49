package io.tunetrail.operator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
  private static final String DIGEST = "@sha256:" + "a".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "registry.example.org/sql:1, registry.example.org/sql",
    "registry.example.org:5000/team/sql, registry.example.org:5000/team/sql",
    "busybox:1.36, docker.io/library/busybox",
    "team/sql, docker.io/team/sql",
    "localhost/app/soleil:2, localhost/app/soleil"
  })
  void what_a_registry_gave_is_named_by_its_digest(String reference, String repository) {
    var pinned = repository + DIGEST;
    assertThat(ImageReference.pinned(reference, pinned)).isEqualTo(pinned);
    assertThat(ImageReference.pinned(reference, "docker-pullable://" + pinned)).isEqualTo(pinned);
    assertThat(ImageReference.pinned(pinned, pinned)).isEqualTo(pinned);
  }

  @Test
  void what_was_loaded_into_a_node_has_no_digest_that_another_node_could_pull() {
    assertThat(ImageReference.pinned("localhost/app/soleil:2", "sha256:" + "b".repeat(64)))
        .isNull();
    assertThat(
            ImageReference.pinned(
                "localhost/app/soleil:2", "docker.io/library/import-2026-01-01" + DIGEST))
        .isNull();
    assertThat(ImageReference.pinned("registry.example.org/sql:1", null)).isNull();
    assertThat(ImageReference.pinned("registry.example.org/sql:1", "")).isNull();
  }
}
