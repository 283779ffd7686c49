package io.tunetrail.operator.runtime;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Reads the API server's objects without who set which of their fields: the operator asks for that
 * nowhere, and it is the largest part of most objects in its caches. The server keeps what it has
 * when an object comes back without them.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields">how
 *     managed fields are cleared, and how not</a>
 */
final class LeanSerialization {
  private LeanSerialization() {}

  static KubernetesSerialization create() {
    var mapper = new ObjectMapper();
    mapper.addMixIn(ObjectMeta.class, Lean.class);
    return new KubernetesSerialization(mapper, true);
  }

  @JsonIgnoreProperties("managedFields")
  private interface Lean {}
}
