package io.tunetrail.operator.migration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptPlanTest {
  private static final int MIB = 1024 * 1024;
  private static final PlanStatus PLAN =
      new PlanStatus(
          "sha256:plan",
          null,
          "1",
          "3",
          null,
          null,
          null,
          null,
          "sha256:c",
          "sha256:s",
          "sha256:d");

  private static TuneTrailDatabase resource() {
    var resource = new TuneTrailDatabase();
    resource.getMetadata().setName("karaoke");
    resource.getMetadata().setNamespace("music");
    resource.getMetadata().setUid("uid-1");
    return resource;
  }

  private static PlanFrame.Planned planned(int statements, int length) {
    var random = new Random(1);
    return new PlanFrame.Planned(
        IntStream.range(0, statements)
            .mapToObj(
                it -> {
                  var text = new byte[length];
                  random.nextBytes(text);
                  var sql = "SELECT '" + Base64.getEncoder().encodeToString(text) + "'";
                  return new PlannedStatement("V2__songs.sql", "2", sql, true);
                })
            .toList(),
        null);
  }

  @Test
  void another_release_s_format_is_not_read_and_what_has_none_is_the_first() {
    var mine = kept(planned(1, 10)).getFirst();
    var newer = new ConfigMapBuilder(mine).addToData("format", "2").build();
    var first = new ConfigMapBuilder(mine).removeFromData("format").build();
    assertThat(KeptPlan.newest(List.of(newer), "uid-1")).isEmpty();
    assertThat(KeptPlan.newest(List.of(first), "uid-1")).isPresent();
  }

  private static List<ConfigMap> kept(PlanFrame.Planned planned) {
    return KeptPlan.of(resource(), "flyway", PLAN, planned).stream().map(KeptPlanTest::at).toList();
  }

  private static ConfigMap at(ConfigMap map) {
    return new ConfigMapBuilder(map)
        .editMetadata()
        .withCreationTimestamp("2026-05-01T12:00:00Z")
        .endMetadata()
        .build();
  }

  private static String json(List<ConfigMap> maps) throws IOException {
    var packed = new ByteArrayOutputStream();
    for (var map : maps) {
      packed.write(Base64.getDecoder().decode(map.getBinaryData().get(KeptPlan.COMPRESSED)));
    }
    try (var stream = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_small_plan_is_read_as_it_is() throws IOException {
    var maps = kept(planned(2, 10));

    assertThat(maps).hasSize(1);
    var json = JsonMapper.builder().build().readTree(maps.getFirst().getData().get(KeptPlan.FILE));
    assertThat(json.path("digest").asText()).isEqualTo("sha256:plan");
    assertThat(json.path("from").asText()).isEqualTo("1");
    assertThat(json.path("target").asText()).isEqualTo("3");
    assertThat(json.path("method").asText()).isEqualTo("flyway");
    assertThat(json.path("statements")).hasSize(2);
    assertThat(json.path("statements").get(0).path("script").asText()).isEqualTo("V2__songs.sql");
    assertThat(json.path("analysis").isNull()).isTrue();

    var plan = KeptPlan.newest(maps, "uid-1").orElseThrow();
    assertThat(plan.digest()).isEqualTo("sha256:plan");
    assertThat(plan.statements()).isEqualTo(2);
    assertThat(plan.configMap()).isEqualTo(maps.getFirst().getMetadata().getName());
    assertThat(requireNonNull(plan.configMap())).matches("karaoke-plan-[0-9a-f]{10}");
  }

  @Test
  void fault_40_a_plan_of_more_than_a_config_map_holds_is_compressed_and_split()
      throws IOException {
    var maps = kept(planned(4000, 600));

    assertThat(maps).hasSizeGreaterThan(1);
    assertThat(maps)
        .allSatisfy(
            it ->
                assertThat(
                        Base64.getDecoder()
                            .decode(it.getBinaryData().get(KeptPlan.COMPRESSED))
                            .length)
                    .isLessThan(MIB));
    var json = JsonMapper.builder().build().readTree(json(maps));
    assertThat(json.path("statements")).hasSize(4000);
    assertThat(KeptPlan.newest(maps, "uid-1").orElseThrow().statements()).isEqualTo(4000);
    assertThat(KeptPlan.newest(maps.subList(0, maps.size() - 1), "uid-1")).isEmpty();
  }

  @Test
  void what_compresses_well_needs_one() throws IOException {
    var statement = new PlannedStatement("V2__songs.sql", "2", "SELECT 'x'", true);
    var maps = kept(new PlanFrame.Planned(java.util.Collections.nCopies(20_000, statement), null));

    assertThat(maps).hasSize(1);
    assertThat(JsonMapper.builder().build().readTree(json(maps)).path("statements"))
        .hasSize(20_000);
  }

  @Test
  void a_plan_that_was_edited_or_is_anothers_is_none() {
    var map = kept(planned(2, 10)).getFirst();
    var edited = new ConfigMapBuilder(map).addToData(KeptPlan.FILE, "{\"statements\": []}").build();

    assertThat(KeptPlan.newest(List.of(edited), "uid-1")).isEmpty();
    assertThat(KeptPlan.newest(List.of(map), "uid-2")).isEmpty();
  }

  @Test
  void what_the_analysis_says_is_told_in_the_status() throws IOException {
    var analysis =
        JsonMapper.builder().build().readTree("{\"destructive\": true, \"warnings\": 3}");
    var maps = kept(new PlanFrame.Planned(planned(1, 5).statements(), analysis));

    var plan = KeptPlan.newest(maps, "uid-1").orElseThrow();
    assertThat(plan.destructive()).isTrue();
    assertThat(plan.warnings()).isEqualTo(3);
  }

  @Test
  void what_the_linter_read_and_could_not_tell_of_counts_as_destructive() throws IOException {
    assertThat(destructive("{\"linter\": \"squawk 2.70.0\", \"warnings\": 0}")).isTrue();
    assertThat(destructive("{\"linter\": \"squawk 2.70.0\", \"destructive\": false}")).isFalse();
    assertThat(destructive("{\"warnings\": 0}")).isNull();
  }

  private static @Nullable Boolean destructive(String analysis) throws IOException {
    var json = JsonMapper.builder().build().readTree(analysis);
    var maps = kept(new PlanFrame.Planned(planned(1, 5).statements(), json));
    return KeptPlan.newest(maps, "uid-1").orElseThrow().destructive();
  }
}
