package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Backups in a bucket, by the names that they have in a folder. */
final class S3Store implements BackupStore {
  private static final String ARCHIVE = ".dump";
  private static final String MANIFEST = ".json";
  private static final String VERIFIED = ".verified";

  /** No Job works longer than a day, and an object's date may be that of its upload's beginning. */
  private static final Duration LEFT_BEHIND = Duration.ofHours(25);

  private final S3Connection s3;
  private final Path temporary;
  private final Map<String, S3Upload> uploads = new ConcurrentHashMap<>();

  /**
   * The store of a prefix.
   *
   * @param temporary a folder for what is under way
   */
  S3Store(S3Connection s3, Path temporary) {
    this.s3 = s3;
    this.temporary = temporary;
  }

  @Override
  public void prepare(Instant now) throws StorageFailed {
    var oldest = now.minus(LEFT_BEHIND);
    var objects = objects();
    for (var object : objects.entrySet()) {
      if (isLeftover(object.getKey(), objects) && object.getValue().isBefore(oldest)) {
        delete(object.getKey());
      }
    }
    for (var upload : uploadsUnderWay()) {
      if (BackupName.ofArchive(fileOf(upload.key())).isPresent()
          && upload.initiated().isBefore(oldest)) {
        abort(upload);
      }
    }
  }

  /** Of an archive without a manifest nobody knows what it is; what others put here is theirs. */
  private static boolean isLeftover(String file, Map<String, Instant> objects) {
    return BackupName.ofArchive(file).filter(it -> !objects.containsKey(it + MANIFEST)).isPresent();
  }

  /** When the files of this prefix were changed last. */
  private Map<String, Instant> objects() throws StorageFailed {
    var listed =
        s3.ask(
            it ->
                it
                    .listObjectsV2Paginator(
                        request -> request.bucket(s3.bucket()).prefix(s3.prefix()))
                    .contents()
                    .stream()
                    .toList());
    var objects = new TreeMap<String, Instant>();
    for (S3Object object : listed) {
      objects.put(fileOf(object.key()), object.lastModified());
    }
    return objects;
  }

  /** What is below the prefix. */
  private String fileOf(String key) {
    return key.substring(s3.prefix().length());
  }

  private List<MultipartUpload> uploadsUnderWay() throws StorageFailed {
    return s3.ask(
        it ->
            it
                .listMultipartUploadsPaginator(
                    request -> request.bucket(s3.bucket()).prefix(s3.prefix()))
                .uploads()
                .stream()
                .toList());
  }

  private void abort(MultipartUpload upload) throws StorageFailed {
    s3.ask(
        it ->
            it.abortMultipartUpload(
                request ->
                    request.bucket(s3.bucket()).key(upload.key()).uploadId(upload.uploadId())));
  }

  @Override
  public Written write(String name, InputStream source) throws StorageFailed, IOException {
    var upload = S3Upload.begin(s3, s3.key(name + ARCHIVE), temporary);
    uploads.put(name, upload);
    refuseOthers(name);
    return upload.send(source);
  }

  /**
   * Of two that were begun in the same second one at least finds the other: a key has no owner, and
   * the archive of one with the manifest of the other would be none.
   */
  private void refuseOthers(String name) throws StorageFailed {
    var key = s3.key(name + ARCHIVE);
    long underWay = uploadsUnderWay().stream().filter(it -> it.key().equals(key)).count();
    if (underWay > 1 || objects().containsKey(name + ARCHIVE)) {
      throw new StorageFailed(key, "another Job makes a backup of this name; run it again");
    }
  }

  @Override
  public void publish(Manifest manifest) throws StorageFailed {
    var upload = uploads.get(manifest.name());
    if (upload == null) {
      throw new IllegalStateException(manifest.name() + " was not written");
    }
    upload.complete();
    put(manifest.name() + MANIFEST, manifest.toJson());
    uploads.remove(manifest.name());
  }

  private void put(String file, String text) throws StorageFailed {
    var checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    s3.ask(
        it ->
            it.putObject(
                request ->
                    request
                        .bucket(s3.bucket())
                        .key(s3.key(file))
                        .checksumCRC32C(S3Upload.base64(checksum)),
                RequestBody.fromString(text)));
  }

  @Override
  public void discard(String name) {
    var upload = uploads.remove(name);
    if (upload != null) {
      upload.discard();
    }
  }

  @Override
  public List<Manifest> manifests() throws StorageFailed {
    return manifests(objects());
  }

  private List<Manifest> manifests(Map<String, Instant> objects) throws StorageFailed {
    var manifests = new ArrayList<Manifest>();
    for (var file : objects.keySet()) {
      if (file.endsWith(MANIFEST)) {
        parsed(file).ifPresent(manifests::add);
      }
    }
    return manifests;
  }

  /** One that can't be read keeps its archive from being removed. */
  private Optional<Manifest> parsed(String file) throws StorageFailed {
    var text =
        s3.ask(
            it ->
                it.getObjectAsBytes(request -> request.bucket(s3.bucket()).key(s3.key(file)))
                    .asUtf8String());
    try {
      return Optional.of(Manifest.parse(text));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Kept> kept() throws StorageFailed {
    var objects = objects();
    return manifests(objects).stream()
        .map(
            it ->
                new Kept(
                    it.name(),
                    Instant.parse(it.started()),
                    objects.containsKey(it.name() + VERIFIED)))
        .toList();
  }

  @Override
  public InputStream read(String name) throws StorageFailed {
    return s3.ask(
        it -> it.getObject(request -> request.bucket(s3.bucket()).key(s3.key(name + ARCHIVE))));
  }

  @Override
  public Optional<Path> file(String name) {
    return Optional.empty();
  }

  @Override
  public void verified(String name, Instant at) throws StorageFailed {
    put(name + VERIFIED, at + "\n");
  }

  @Override
  public void remove(Kept backup) throws StorageFailed {
    for (var ending : List.of(MANIFEST, ARCHIVE, VERIFIED)) {
      delete(backup.name() + ending);
    }
  }

  private void delete(String file) throws StorageFailed {
    s3.ask(it -> it.deleteObject(request -> request.bucket(s3.bucket()).key(s3.key(file))));
  }
}
