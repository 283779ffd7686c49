package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.migration.JobLabels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a resource refers to, from the API itself and never from a cache: nothing of it is
 * kept.
 */
public final class InputReader {
  /** The API server takes no larger one, so that it may be missing for that. */
  private static final String TOO_LARGE =
      " (one takes at most 1 MiB; more goes into several, or into an image: schema.flyway.image)";

  private final KubernetesClient client;

  public InputReader(KubernetesClient client) {
    this.client = client;
  }

  /** Something that the resource refers to is not there. */
  public static final class MissingInput extends Exception {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    MissingInput(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }

    /** Says what is missing and where; the reason's remedy is not repeated. */
    public String detail() {
      return String.valueOf(getMessage());
    }
  }

  ScriptSet scripts(String namespace, List<LocalReference> configMaps) throws MissingInput {
    var files = new ArrayList<ScriptFile>();
    for (int source = 0; source < configMaps.size(); source++) {
      var configMap = configMap(namespace, configMaps.get(source).name(), TOO_LARGE);
      refuseBinary(configMap);
      for (var entry : data(configMap).entrySet()) {
        files.add(new ScriptFile(source, entry.getKey(), entry.getValue()));
      }
    }
    return new ScriptSet(files);
  }

  private static void refuseBinary(ConfigMap configMap) throws MissingInput {
    if (configMap.getBinaryData() != null && !configMap.getBinaryData().isEmpty()) {
      throw new MissingInput(
          Reason.INVALID_SCRIPTS,
          "ConfigMap %s holds files that are not UTF-8 text: %s"
              .formatted(
                  configMap.getMetadata().getName(),
                  String.join(", ", configMap.getBinaryData().keySet())));
    }
  }

  /** The ConfigMaps that keep what Jobs told, each of which may have been made by somebody else. */
  List<ConfigMap> kept(TuneTrailDatabase resource) {
    var metadata = resource.getMetadata();
    return client
        .configMaps()
        .inNamespace(metadata.getNamespace())
        .withLabel(JobLabels.RESOURCE_UID, metadata.getUid())
        .list()
        .getItems();
  }

  /** The Secret's keys, decoded. */
  public Map<String, String> secret(String namespace, String name) throws MissingInput {
    var secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      throw new MissingInput(
          Reason.SECRET_MISSING,
          "there is no Secret %s in namespace %s".formatted(name, namespace));
    }
    return decoded(secret);
  }

  /** The certificates that connection.caRef names; null where it is not set. */
  public @Nullable String authority(
      String namespace, @Nullable CertificateAuthorityReference reference) throws MissingInput {
    if (reference == null) {
      return null;
    }
    if (reference.configMap() != null) {
      var key = reference.configMap();
      return value(
          data(configMap(namespace, key.name(), "")),
          key.key(),
          Reason.CONFIG_MAP_MISSING,
          "ConfigMap " + key.name());
    }
    if (reference.secret() != null) {
      var key = reference.secret();
      return value(
          secret(namespace, key.name()), key.key(), Reason.SECRET_MISSING, "Secret " + key.name());
    }
    return null;
  }

  /** What connection.clientCertificateRef names; null where it is not set. */
  public @Nullable ClientCertificate clientCertificate(
      String namespace, @Nullable LocalReference reference) throws MissingInput {
    if (reference == null) {
      return null;
    }
    var secret = secret(namespace, reference.name());
    var object = "Secret " + reference.name();
    return new ClientCertificate(
        value(secret, ClientCertificate.CERTIFICATE, Reason.SECRET_MISSING, object),
        value(secret, ClientCertificate.KEY, Reason.SECRET_MISSING, object));
  }

  private static String value(Map<String, String> data, String key, Reason reason, String object)
      throws MissingInput {
    var value = data.get(key);
    if (value == null) {
      throw new MissingInput(reason, "%s has no key %s".formatted(object, key));
    }
    return value;
  }

  private ConfigMap configMap(String namespace, String name, String hint) throws MissingInput {
    var configMap = client.configMaps().inNamespace(namespace).withName(name).get();
    if (configMap == null) {
      throw new MissingInput(
          Reason.CONFIG_MAP_MISSING,
          "there is no ConfigMap %s in namespace %s%s".formatted(name, namespace, hint));
    }
    return configMap;
  }

  private static Map<String, String> data(ConfigMap configMap) {
    return configMap.getData() == null ? Map.of() : configMap.getData();
  }

  private static Map<String, String> decoded(Secret secret) {
    var values = new HashMap<String, String>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  values.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return values;
  }
}
