package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.database.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where backups go, from the spec to what a pod is told. */
class BackupPlaceTest {
  @TempDir Path folder = Path.of("");

  private static BackupPlace place(String storage) {
    var fields = "schedule: '0 3 * * *', storage: {%s}".formatted(storage);
    return ((DesiredBackup.Scheduled) DesiredBackup.from(TestBackups.resource("karaoke", fields)))
        .place();
  }

  private static S3Order s3(String fields) {
    return requireNonNull(BackupPod.order(place("s3: {bucket: b-1" + fields + "}"), "songs").s3());
  }

  @Test
  void namespaces_and_resources_that_share_a_bucket_have_keys_of_their_own() {
    assertThat(place("s3: {bucket: b-1}").location("songs")).isEqualTo("s3://b-1/music/songs");
    assertThat(s3("").prefix()).isEqualTo("music/songs/");
    assertThat(place("s3: {bucket: b-1, prefix: east/nightly}").location("songs"))
        .isEqualTo("s3://b-1/east/nightly/music/songs");
    assertThat(s3(", prefix: east").prefix()).isEqualTo("east/music/songs/");
  }

  @Test
  void a_bucket_is_named_in_the_path_where_an_endpoint_is_given() {
    assertThat(s3("").pathStyle()).isFalse();
    assertThat(s3(", endpoint: 'https://s3'").pathStyle()).isTrue();
    assertThat(s3(", endpoint: 'https://s3', pathStyle: false").pathStyle()).isFalse();
  }

  @Test
  void an_order_is_read_as_it_was_written() {
    var retention = new BackupRetention(7, 3);
    for (var storage :
        new String[] {
          "persistentVolumeClaim: {claimName: backups}",
          "s3: {bucket: b-1}",
          "s3: {bucket: b-1, endpoint: 'https://s3', caRef: {secret: {name: a, key: b}},"
              + " credentialsSecretRef: {name: c}}"
        }) {
      var order = new BackupOrder("songs", BackupPod.order(place(storage), "songs"), retention);
      assertThat(BackupOrder.read(order.toJson())).isEqualTo(order);
    }
  }

  @Test
  void the_secret_has_its_keys_by_either_name_and_is_never_told() throws IOException {
    Files.writeString(folder.resolve("AWS_ACCESS_KEY_ID"), "AKIA\n");
    Files.writeString(folder.resolve("secretAccessKey"), "top/secret\n");
    var credentials = new S3Order.Credentials("s3-writer", folder.toString());
    var secret = S3Secret.read(credentials);
    assertThat(secret.accessKeyId()).isEqualTo("AKIA");
    assertThat(requireNonNull(secret.secretAccessKey()).value()).isEqualTo("top/secret");
    assertThat(secret.sessionToken()).isNull();
    assertThat(secret.toString()).doesNotContain("top/secret");

    var order = new S3Order("b-1", "music/songs/", "us-east-1", null, false, null, credentials);
    assertThat(
            new StoreOrder("s3://b-1", null, order, null, null).redaction().apply("not top/secret"))
        .isEqualTo("not ***");
    assertThat(new StoreOrder("claim", "/backup").redaction()).isEqualTo(Redaction.NONE);
  }

  @Test
  void a_secret_that_is_not_there_or_lacks_a_key_is_named() throws IOException {
    Files.writeString(folder.resolve("accessKeyId"), "AKIA");
    var order =
        new S3Order(
            "b-1",
            "music/songs/",
            "us-east-1",
            null,
            false,
            null,
            new S3Order.Credentials("s3-writer", folder.toString()));
    var store = new StoreOrder("s3://b-1/music/songs", null, order, null, null).open();
    assertThatThrownBy(store::manifests)
        .isInstanceOf(StorageFailed.class)
        .hasMessageContaining("Secret s3-writer has no secretAccessKey");
  }
}
