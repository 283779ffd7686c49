package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An archive on its way into a bucket, as a multipart upload: nobody sees it before it is complete.
 * A part is sent while the next is read; each lies in a file meanwhile, so that it can be sent
 * again and that memory stays the same however large it is.
 */
final class S3Upload {
  private static final int BUFFER = 1 << 18;

  private final S3Connection s3;
  private final String key;
  private final String id;
  private final Path temporary;
  private final List<CompletedPart> parts = new ArrayList<>();
  private final MessageDigest digest = sha256();
  private final byte[] buffer = new byte[BUFFER];
  private long bytes;
  private volatile boolean completing;
  private volatile boolean discarded;

  /**
   * A piece of the archive.
   *
   * @param checksum in base64
   * @param last whether the archive ends with it
   */
  private record Part(int number, Path file, long length, String checksum, boolean last) {}

  private S3Upload(S3Connection s3, String key, String id, Path temporary) {
    this.s3 = s3;
    this.key = key;
    this.id = id;
    this.temporary = temporary;
  }

  /**
   * Begins one.
   *
   * @param temporary a folder with room for two parts
   */
  static S3Upload begin(S3Connection s3, String key, Path temporary) throws StorageFailed {
    var answer =
        s3.ask(
            it ->
                it.createMultipartUpload(
                    request ->
                        request
                            .bucket(s3.bucket())
                            .key(key)
                            .contentType("application/octet-stream")
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)));
    return new S3Upload(s3, key, answer.uploadId(), temporary);
  }

  /**
   * Sends all that the source has.
   *
   * @throws IOException where the source ended in a failure
   */
  Written send(InputStream source) throws StorageFailed, IOException {
    var files = List.of(file(), file());
    try (var sender =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("upload").daemon().factory())) {
      send(source, files, sender);
    } finally {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
    return new Written(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private void send(InputStream source, List<Path> files, ExecutorService sender)
      throws StorageFailed, IOException {
    Future<CompletedPart> before = null;
    boolean last = false;
    for (int number = 1; !last; number++) {
      var part = read(source, number, files.get(number % files.size()));
      last = part.last();
      receive(before);
      before = sender.submit(() -> sent(part));
    }
    receive(before);
  }

  private Path file() throws StorageFailed {
    try {
      return Files.createTempFile(temporary, "part-", null);
    } catch (IOException e) {
      throw new StorageFailed(temporary, e);
    }
  }

  private void receive(@Nullable Future<CompletedPart> part) throws StorageFailed {
    try {
      if (part != null) {
        parts.add(part.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StorageFailed failure) {
        throw failure;
      }
      throw new IllegalStateException("sending a part", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageFailed(key, "interrupted", e);
    }
  }

  private Part read(InputStream source, int number, Path file) throws StorageFailed, IOException {
    if (number > PartSizes.MOST) {
      throw new StorageFailed(key, "the archive is larger than 5 TiB, the most that S3 takes");
    }
    var checksum = new CRC32C();
    long length = 0;
    int read = 0;
    try (var out = Files.newOutputStream(file)) {
      long size = PartSizes.of(number);
      while (length < size && read >= 0) {
        read = source.read(buffer, 0, (int) Math.min(BUFFER, size - length));
        if (read > 0) {
          digest.update(buffer, 0, read);
          checksum.update(buffer, 0, read);
          write(out, read, file);
          length += read;
        }
      }
    }
    bytes += length;
    return new Part(number, file, length, base64(checksum), read < 0);
  }

  private void write(OutputStream out, int length, Path file) throws StorageFailed {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new StorageFailed(file, e);
    }
  }

  private CompletedPart sent(Part part) throws StorageFailed {
    if (discarded) {
      throw new StorageFailed(key, "the upload was given up");
    }
    var answer =
        s3.ask(
            it ->
                it.uploadPart(
                    request ->
                        request
                            .bucket(s3.bucket())
                            .key(key)
                            .uploadId(id)
                            .partNumber(part.number())
                            .contentLength(part.length())
                            .checksumCRC32C(part.checksum()),
                    RequestBody.fromFile(part.file())));
    if (discarded) {
      abort(); // what was under way then may have been taken after all
    }
    return CompletedPart.builder()
        .partNumber(part.number())
        .eTag(answer.eTag())
        .checksumCRC32C(part.checksum())
        .build();
  }

  static String base64(CRC32C checksum) {
    var four = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue());
    return Base64.getEncoder().encodeToString(four.array());
  }

  /** From now on the archive is there. */
  void complete() throws StorageFailed {
    completing = true;
    s3.ask(
        it ->
            it.completeMultipartUpload(
                request ->
                    request
                        .bucket(s3.bucket())
                        .key(key)
                        .uploadId(id)
                        .multipartUpload(upload -> upload.parts(parts))));
  }

  /** Leaves nothing of it, whatever has become of it. */
  void discard() {
    discarded = true;
    abort();
    if (completing) {
      try {
        s3.ask(it -> it.deleteObject(request -> request.bucket(s3.bucket()).key(key)));
      } catch (StorageFailed e) {
        // A later backup finds an archive without a manifest.
      }
    }
  }

  private void abort() {
    try {
      s3.ask(
          it ->
              it.abortMultipartUpload(
                  request -> request.bucket(s3.bucket()).key(key).uploadId(id)));
    } catch (StorageFailed e) {
      // It is complete or gone; else a later backup finds it too old.
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
