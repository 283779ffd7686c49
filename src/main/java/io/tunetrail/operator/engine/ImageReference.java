package io.tunetrail.operator.engine;

import org.jspecify.annotations.Nullable;

/** Names of images, as container runtimes read them. */
public final class ImageReference {
  private static final String DIGEST = "@sha256:";

  private ImageReference() {}

  /**
   * The reference by digest under which a registry has what a node ran; null where the node does
   * not say, as for an image that was loaded into it, or names another repository.
   *
   * @param reference as the spec names it
   * @param imageId of the container's status
   */
  public static @Nullable String pinned(String reference, @Nullable String imageId) {
    if (imageId == null) {
      return null;
    }
    var id = imageId.substring(imageId.indexOf("://") < 0 ? 0 : imageId.indexOf("://") + 3);
    int at = id.indexOf(DIGEST);
    return at > 0 && repository(id.substring(0, at)).equals(repository(reference)) ? id : null;
  }

  /** With registry and path, without tag and digest. */
  public static String repository(String reference) {
    var name = reference.contains("@") ? reference.substring(0, reference.indexOf('@')) : reference;
    int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
    var path = tag < 0 ? name : name.substring(0, tag);
    int slash = path.indexOf('/');
    if (slash < 0) {
      return "docker.io/library/" + path;
    }
    var first = path.substring(0, slash);
    boolean isRegistry = first.contains(".") || first.contains(":") || first.equals("localhost");
    return isRegistry ? path : "docker.io/" + path;
  }
}
