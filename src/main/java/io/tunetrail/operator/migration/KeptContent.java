package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageReference;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.lifecycle.Inspection.Known;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap of ours that keeps what an image told of the migrations in it. Nobody can edit it,
 * and a node keeps what it once read of it; so other content has another name.
 */
public final class KeptContent {
  private static final String DIGEST = "digest";
  private static final String SOURCE = "source";
  private static final String INSPECTION = "inspection";
  private static final String IMAGE = "image";
  private static final String IMAGE_ID = "imageID";

  /** Of all these; where it is missing, it is the first. */
  private static final String FORMAT = "format";

  private static final String THIS_FORMAT = "1";
  private static final int HASH_DIGITS = 10;
  private static final int LONGEST_STEM = 200;

  private KeptContent() {}

  /**
   * The name for what was read from there.
   *
   * @param scripts digest of what was read
   */
  public static String name(String resource, ImageSource source, String scripts) {
    int prefix = "sha256:".length();
    var hash = Digest.of(source.digest(), scripts).substring(prefix, prefix + HASH_DIGITS);
    var stem = resource.length() <= LONGEST_STEM ? resource : resource.substring(0, LONGEST_STEM);
    return "%s-%s-%s".formatted(stem.replaceAll("[.-]+$", ""), source.holds(), hash);
  }

  /**
   * The ConfigMap.
   *
   * @param imageId what the node ran for the image's reference; null where it did not say
   * @param inspection inputs of the Job that told it
   */
  public static ConfigMap of(
      TuneTrailDatabase resource,
      ImageSource source,
      ImageContent content,
      @Nullable String imageId,
      String inspection) {
    var json = content.toJson();
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name(resource.getMetadata().getName(), source, content.scripts()))
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
        .addToData(FORMAT, THIS_FORMAT)
        .addToData(source.holds().file(), json)
        .addToData(DIGEST, Digest.of(json))
        .addToData(SOURCE, source.digest())
        .addToData(INSPECTION, inspection)
        .addToData(IMAGE, source.image())
        .addToData(IMAGE_ID, imageId == null ? "" : imageId)
        .build();
  }

  /**
   * What is known from there; empty where nothing is, or another release keeps it in another
   * format, so that the image is asked once more.
   *
   * @param kept ConfigMaps that bear the resource's label, whoever made them
   */
  public static Optional<Known> newest(
      Collection<ConfigMap> kept, String ownerUid, ImageSource source) {
    return kept.stream()
        .filter(it -> ownedBy(it, ownerUid))
        .filter(it -> data(it).getOrDefault(FORMAT, THIS_FORMAT).equals(THIS_FORMAT))
        .filter(it -> source.digest().equals(data(it).get(SOURCE)))
        .filter(it -> Digest.of(json(it, source)).equals(data(it).get(DIGEST)))
        .max(Comparator.comparing(it -> it.getMetadata().getCreationTimestamp()))
        .map(it -> known(it, source));
  }

  public static boolean ownedBy(ConfigMap kept, String ownerUid) {
    return kept.getMetadata().getOwnerReferences().stream()
        .anyMatch(it -> it.getUid().equals(ownerUid));
  }

  private static Known known(ConfigMap kept, ImageSource source) {
    return new Known(
        source.holds().parse(json(kept, source)),
        data(kept).getOrDefault(INSPECTION, ""),
        ImageReference.pinned(source.image(), data(kept).get(IMAGE_ID)));
  }

  private static String json(ConfigMap kept, ImageSource source) {
    return data(kept).getOrDefault(source.holds().file(), "");
  }

  private static Map<String, String> data(ConfigMap kept) {
    return kept.getData() == null ? Map.of() : kept.getData();
  }
}
