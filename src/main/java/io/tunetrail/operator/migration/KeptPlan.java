package io.tunetrail.operator.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps of ours that keep a plan: readable as it is while it is small, else compressed and
 * in as many parts as it takes. Nobody can edit one.
 */
public final class KeptPlan {
  /** The plan as it is. */
  public static final String FILE = "plan.json";

  /** The plan, or a part of it, as gzip makes it; the parts are one stream. */
  public static final String COMPRESSED = "plan.json.gz";

  /** Which part it is, from 1, and of how many, as in {@code 1/3}. */
  public static final String PART = "part";

  private static final String SUMMARY = "summary.json";
  private static final String DIGEST = "digest";

  /** Of the plan itself, and of how it is kept; where it is missing, it is the first. */
  private static final String FORMAT = "format";

  private static final int THIS_FORMAT = 1;
  private static final int MOST_PLAIN = 200_000;

  /** A ConfigMap takes 1 MiB of keys and values together. */
  private static final int MOST_PART = 900_000;

  private static final int HASH_DIGITS = 10;
  private static final int LONGEST_STEM = 200;

  private KeptPlan() {}

  /** The ConfigMaps, the one first that the status names. */
  public static List<ConfigMap> of(
      TuneTrailDatabase resource, String method, PlanStatus plan, PlanFrame.Planned planned) {
    var json = json(method, plan, planned);
    var name = name(resource.getMetadata().getName(), plan.digest() + Digest.of(json));
    var analysis = Objects.requireNonNullElse(planned.analysis(), MissingNode.getInstance());
    var kept =
        plan.kept(
            name,
            planned.statements().size(),
            destructive(analysis),
            analysis.has("warnings") ? analysis.path("warnings").asInt() : null);
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MOST_PLAIN
        ? List.of(first(resource, kept, json, 1).addToData(FILE, json).build())
        : parts(resource, kept, json, compressed(bytes));
  }

  /** What the linter read and could not tell of may destroy as well as not. */
  private static @Nullable Boolean destructive(JsonNode analysis) {
    boolean known = analysis.has("destructive") || analysis.has("linter");
    return known ? Boolean.valueOf(analysis.path("destructive").asBoolean(true)) : null;
  }

  private static List<ConfigMap> parts(
      TuneTrailDatabase resource, PlanStatus plan, String json, byte[] compressed) {
    int count = (compressed.length + MOST_PART - 1) / MOST_PART;
    var parts = new ArrayList<ConfigMap>();
    for (int at = 0; at < count; at++) {
      int end = Math.min(compressed.length, (at + 1) * MOST_PART);
      var part = Arrays.copyOfRange(compressed, at * MOST_PART, end);
      var map =
          at == 0
              ? first(resource, plan, json, count)
              : map(resource, plan.configMap() + "-" + (at + 1), at + 1, count);
      parts.add(map.addToBinaryData(COMPRESSED, Base64.getEncoder().encodeToString(part)).build());
    }
    return parts;
  }

  private static ConfigMapBuilder first(
      TuneTrailDatabase resource, PlanStatus plan, String json, int count) {
    try {
      return map(resource, Objects.requireNonNull(plan.configMap()), 1, count)
          .addToData(FORMAT, Integer.toString(THIS_FORMAT))
          .addToData(SUMMARY, Json.MAPPER.writeValueAsString(plan))
          .addToData(DIGEST, Digest.of(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  private static ConfigMapBuilder map(
      TuneTrailDatabase resource, String name, int part, int count) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(resource.getMetadata().getNamespace())
        .withLabels(
            Map.of(
                JobLabels.MANAGED_BY,
                JobLabels.OPERATOR,
                JobLabels.TASK,
                Task.PLAN.toString(),
                JobLabels.RESOURCE_UID,
                resource.getMetadata().getUid()))
        .withAnnotations(Map.of(JobLabels.RESOURCE_NAME, resource.getMetadata().getName()))
        .withOwnerReferences(MigrationJob.owner(resource))
        .endMetadata()
        .withImmutable(true)
        .addToData(PART, part + "/" + count);
  }

  /** Whether a ConfigMap holds a plan, or a part of one. */
  public static boolean isPlan(ConfigMap map) {
    var labels = map.getMetadata().getLabels();
    return labels != null && Task.PLAN.toString().equals(labels.get(JobLabels.TASK));
  }

  /**
   * The newest that is whole; empty where there is none, or another release keeps it in another
   * format, so that it is planned once more.
   *
   * @param kept ConfigMaps that bear the resource's label, whoever made them
   */
  public static Optional<PlanStatus> newest(Collection<ConfigMap> kept, String ownerUid) {
    var own = kept.stream().filter(it -> isPlan(it) && KeptContent.ownedBy(it, ownerUid)).toList();
    return own.stream()
        .filter(it -> it.getData() != null && it.getData().containsKey(SUMMARY))
        .filter(it -> isOfThisFormat(it.getData()))
        .filter(it -> isWhole(it, own))
        .max(
            Comparator.comparing((ConfigMap it) -> it.getMetadata().getCreationTimestamp())
                .thenComparing(it -> it.getMetadata().getName()))
        .flatMap(KeptPlan::summary);
  }

  private static boolean isOfThisFormat(Map<String, String> data) {
    var known = Integer.toString(THIS_FORMAT);
    return data.getOrDefault(FORMAT, known).equals(known);
  }

  private static boolean isWhole(ConfigMap first, List<ConfigMap> all) {
    var json = first.getData().get(FILE);
    if (json != null) {
      return Digest.of(json).equals(first.getData().get(DIGEST));
    }
    var count = first.getData().getOrDefault(PART, "1/1").split("/", 2)[1];
    var name = first.getMetadata().getName();
    long there =
        all.stream()
            .filter(
                it ->
                    it.getMetadata().getName().equals(name)
                        || it.getMetadata().getName().startsWith(name + "-"))
            .count();
    return count.equals(Long.toString(there));
  }

  private static Optional<PlanStatus> summary(ConfigMap first) {
    try {
      return Optional.of(Json.MAPPER.readValue(first.getData().get(SUMMARY), PlanStatus.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String json(String method, PlanStatus plan, PlanFrame.Planned planned) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put(FORMAT, THIS_FORMAT);
    document.put("digest", plan.digest());
    document.put("from", plan.from());
    document.put("target", plan.target());
    document.put("method", method);
    document.put("statements", planned.statements());
    document.put("analysis", planned.analysis());
    try {
      return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan is always JSON", e);
    }
  }

  private static byte[] compressed(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (var stream = new GZIPOutputStream(packed)) {
      stream.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    return packed.toByteArray();
  }

  private static String name(String resource, String content) {
    int prefix = "sha256:".length();
    var hash = Digest.of(content).substring(prefix, prefix + HASH_DIGITS);
    var stem = resource.length() <= LONGEST_STEM ? resource : resource.substring(0, LONGEST_STEM);
    return "%s-plan-%s".formatted(stem.replaceAll("[.-]+$", ""), hash);
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
