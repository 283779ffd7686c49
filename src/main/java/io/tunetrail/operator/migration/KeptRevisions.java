package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.RevisionGraph;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ConfigMap of ours that keeps what an image told of its revisions; nobody can edit it. */
public final class KeptRevisions {
  /** The key, and the name of the file that the guard finds. */
  public static final String KEY = "graph.json";

  private static final String DIGEST = "digest";
  private static final String IMAGE = "image";
  private static final String IMAGE_ID = "imageID";
  private static final int HASH_DIGITS = 10;
  private static final int LONGEST_STEM = 200;

  private KeptRevisions() {}

  /** The name for what the settings read from; another image has another one. */
  public static String name(String resource, AlembicSettings settings) {
    int prefix = "sha256:".length();
    var hash = settings.sourceDigest().substring(prefix, prefix + HASH_DIGITS);
    var stem = resource.length() <= LONGEST_STEM ? resource : resource.substring(0, LONGEST_STEM);
    return stem.replaceAll("[.-]+$", "") + "-revisions-" + hash;
  }

  /**
   * The ConfigMap.
   *
   * @param imageId what the node ran for the image's reference; null where it did not say
   */
  public static ConfigMap of(
      TuneTrailDatabase resource,
      AlembicSettings settings,
      RevisionGraph graph,
      @Nullable String imageId) {
    var json = graph.toJson();
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name(resource.getMetadata().getName(), settings))
        .withNamespace(resource.getMetadata().getNamespace())
        .withLabels(
            Map.of(
                JobLabels.MANAGED_BY,
                JobLabels.OPERATOR,
                JobLabels.RESOURCE_UID,
                resource.getMetadata().getUid()))
        .withAnnotations(Map.of(JobLabels.RESOURCE_NAME, resource.getMetadata().getName()))
        .withOwnerReferences(MigrationJob.owner(resource))
        .endMetadata()
        .withImmutable(true)
        .addToData(KEY, json)
        .addToData(DIGEST, Digest.of(json))
        .addToData(IMAGE, settings.program().image())
        .addToData(IMAGE_ID, imageId == null ? "" : imageId)
        .build();
  }

  /** What it keeps; empty where it was edited or is not this resource's. */
  public static Optional<RevisionGraph> read(ConfigMap kept, String ownerUid) {
    var data = kept.getData() == null ? Map.<String, String>of() : kept.getData();
    var json = data.getOrDefault(KEY, "");
    boolean ours =
        kept.getMetadata().getOwnerReferences().stream()
            .anyMatch(it -> it.getUid().equals(ownerUid));
    if (!ours || !Digest.of(json).equals(data.get(DIGEST))) {
      return Optional.empty();
    }
    return Optional.of(RevisionGraph.parse(json));
  }
}
