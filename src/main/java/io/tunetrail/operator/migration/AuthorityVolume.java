package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import java.util.Objects;

/** A volume with the certificates of an authority, in one file. */
public final class AuthorityVolume {
  /** The file. */
  public static final String FILE = "ca.crt";

  private AuthorityVolume() {}

  /** The volume of this name. */
  public static Volume of(String volume, CertificateAuthorityReference authority) {
    if (authority.configMap() != null) {
      return new VolumeBuilder()
          .withName(volume)
          .withNewConfigMap()
          .withName(authority.configMap().name())
          .addNewItem()
          .withKey(authority.configMap().key())
          .withPath(FILE)
          .endItem()
          .endConfigMap()
          .build();
    }
    var secret = Objects.requireNonNull(authority.secret());
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(secret.name())
        .addNewItem()
        .withKey(secret.key())
        .withPath(FILE)
        .endItem()
        .endSecret()
        .build();
  }
}
