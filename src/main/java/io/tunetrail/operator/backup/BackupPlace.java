package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.BackupClaimSpec;
import io.tunetrail.operator.api.BackupS3Spec;
import io.tunetrail.operator.api.BackupStorageSpec;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import org.jspecify.annotations.Nullable;

/** Where backups are kept. */
public sealed interface BackupPlace {

  /** The one that the spec has. */
  static BackupPlace of(BackupStorageSpec spec, String namespace) {
    return spec.s3() == null
        ? Volume.of(requireNonNull(spec.persistentVolumeClaim()))
        : Bucket.of(spec.s3(), namespace);
  }

  /**
   * The folder of a resource's backups, as people name it.
   *
   * @param resource its name
   */
  String location(String resource);

  /**
   * A volume, with a folder for each resource.
   *
   * @param path the folder of those folders; null: the root
   */
  record Volume(String claim, @Nullable String path) implements BackupPlace {

    static Volume of(BackupClaimSpec spec) {
      return new Volume(spec.claimName(), spec.path());
    }

    /** Below the place where the volume is mounted. */
    String folder(String resource) {
      return path == null ? resource : path + "/" + resource;
    }

    @Override
    public String location(String resource) {
      return claim + "/" + folder(resource);
    }
  }

  /**
   * A bucket, in which each resource has the keys below a prefix of its own.
   *
   * @param path what is before the resources' names in keys: a bucket knows no namespaces, so that
   *     theirs is in it
   * @param endpoint null: the region's own
   * @param authority what signs the endpoint's certificate; null: the system's trust
   * @param credentials a Secret's name; null: the pod's identity
   */
  record Bucket(
      String name,
      String path,
      String region,
      @Nullable String endpoint,
      boolean pathStyle,
      @Nullable CertificateAuthorityReference authority,
      @Nullable String credentials)
      implements BackupPlace {

    private static final String REGION = "us-east-1";

    static Bucket of(BackupS3Spec spec, String namespace) {
      return new Bucket(
          spec.bucket(),
          spec.prefix() == null ? namespace : spec.prefix() + "/" + namespace,
          requireNonNullElse(spec.region(), REGION),
          spec.endpoint(),
          spec.pathStyle() == null ? spec.endpoint() != null : spec.pathStyle(),
          spec.caRef(),
          spec.credentialsSecretRef() == null ? null : spec.credentialsSecretRef().name());
    }

    /** What a resource's keys begin with. */
    String prefix(String resource) {
      return path + "/" + resource + "/";
    }

    @Override
    public String location(String resource) {
      return "s3://" + name + "/" + path + "/" + resource;
    }
  }
}
