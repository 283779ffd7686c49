package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.cli.LocalProject.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalProjectTest {
  private static final String DATABASE =
      """
      apiVersion: tunetrail.io/v1alpha1
      kind: TuneTrailDatabase
      metadata: {name: songs, namespace: production}
      spec:
        edition: commercial
        environment: staging
        connection: {secretRef: {name: songs-db}, host: postgres.production}
        schema: {flyway: {configMaps: [{name: first}, {name: second}]}}
      """;
  private static final String SCRIPTS =
      """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: second}
      data: {V2__b.sql: SELECT 2}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: first}
      data: {V1__a.sql: SELECT 1}
      """;
  private static final String SECRET =
      """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: songs-db}
      data: {username: YWRh}
      stringData: {password: secret, host: db}
      """;

  @Test
  void all_that_the_resource_names_is_in_the_same_file() throws CommandFailure {
    var project = LocalProject.parse(DATABASE + SCRIPTS + SECRET, request(null, null, Map.of()));
    assertThat(project.scripts().files())
        .extracting("name")
        .containsExactly("V1__a.sql", "V2__b.sql");
    assertThat(project.secret())
        .isEqualTo(Map.of("username", "ada", "password", "secret", "host", "db"));
    assertThat(project.desired().target()).isEqualTo("latest");
  }

  @Test
  void variables_and_a_folder_win_over_the_file() throws CommandFailure {
    var environment =
        Map.of("PGHOST", "localhost", "PGPORT", "5433", "PGUSER", "eve", "PGPASSWORD", "other");
    var project =
        LocalProject.parse(
            DATABASE, request("songs", Map.of("V3__c.sql", "SELECT 3"), environment, "2"));
    assertThat(project.scripts().files()).extracting("name").containsExactly("V3__c.sql");
    assertThat(project.secret()).isEqualTo(Map.of("username", "eve", "password", "other"));
    assertThat(project.resource().getSpec().connection().host()).isEqualTo("localhost");
    assertThat(project.resource().getSpec().connection().port()).isEqualTo(5433);
    assertThat(project.desired().target()).isEqualTo("2");
  }

  @Test
  void what_is_missing_is_named() {
    refused(SCRIPTS, request(null, null, Map.of()), "the manifest has no TuneTrailDatabase");
    refused(DATABASE + SCRIPTS, request("bands", null, Map.of()), "no TuneTrailDatabase bands");
    refused(DATABASE + SCRIPTS, request(null, null, Map.of()), "no Secret songs-db; put it there");
    refused(DATABASE + SECRET, request(null, null, Map.of()), "no ConfigMap first; put it there");
    refused(
        DATABASE + "---\n" + DATABASE.replace("name: songs,", "name: bands,"),
        request(null, null, Map.of()),
        "several TuneTrailDatabases; name one: songs, bands");
    refused("{", request(null, null, Map.of()), "the manifest is not YAML");
    refused(
        DATABASE.replace("edition: commercial", "edition: free"),
        request(null, null, Map.of()),
        "the spec of songs is not one that the API server would take");
    refused(
        DATABASE.replace("environment: staging", ""),
        request(null, null, Map.of()),
        "songs lacks spec.environment");
    refused(
        DATABASE.replaceAll("flyway: .*", "}"),
        request(null, null, Map.of()),
        "songs lacks spec.schema.flyway");
  }

  @Test
  void what_an_image_does_needs_the_projects_folder() {
    refused(
        DATABASE.replaceAll("flyway: .*", "alembic: {image: songs}}"),
        request(null, null, Map.of()),
        "name it by --project");
  }

  private static void refused(String manifest, Request request, String message) {
    assertThatThrownBy(() -> LocalProject.parse(manifest, request))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(message);
  }

  private static Request request(
      @Nullable String name, @Nullable Map<String, String> sql, Map<String, String> environment) {
    return request(name, sql, environment, null);
  }

  private static Request request(
      @Nullable String name,
      @Nullable Map<String, String> sql,
      Map<String, String> environment,
      @Nullable String target) {
    return new Request(name, target, false, sql, null, environment, null);
  }
}
