package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A client for a bucket, made when it is first needed, and what its failures mean. */
final class S3Connection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A server may need long to put thousands of parts together. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(5);

  private static final int ATTEMPTS = 5;

  private final S3Order order;
  private @Nullable S3Client client;

  S3Connection(S3Order order) {
    this.order = order;
  }

  /** What is asked of a client. */
  interface Request<T> {
    T to(S3Client client);
  }

  String bucket() {
    return order.bucket();
  }

  /** The key of a file of the resource's. */
  String key(String file) {
    return order.prefix() + file;
  }

  String prefix() {
    return order.prefix();
  }

  /** The answer; several threads may ask. */
  <T> T ask(Request<T> request) throws StorageFailed {
    try {
      return request.to(client());
    } catch (SdkException e) {
      throw S3Failure.of(order, e);
    }
  }

  private synchronized S3Client client() throws StorageFailed {
    if (client == null) {
      client = made();
    }
    return client;
  }

  private S3Client made() throws StorageFailed {
    // The SDK would else ask the node's metadata for the region of the pod's identity.
    System.setProperty(SdkSystemSetting.AWS_REGION.property(), order.region());
    var builder =
        S3Client.builder()
            .region(Region.of(order.region()))
            .forcePathStyle(order.pathStyle())
            .credentialsProvider(credentials())
            .httpClient(http())
            // Parts bring their checksum along; servers other than AWS's often know no other way.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(it -> it.chunkedEncodingEnabled(false))
            .overrideConfiguration(
                it ->
                    it.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build()));
    if (order.endpoint() != null) {
      builder.endpointOverride(URI.create(order.endpoint()));
    }
    return builder.build();
  }

  private SdkHttpClient http() throws StorageFailed {
    var builder =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(ANSWER_TIMEOUT);
    if (order.authority() != null) {
      var file = Path.of(order.authority());
      try {
        var trusted = TrustedCertificates.of(Files.readString(file));
        builder.tlsTrustManagersProvider(() -> trusted);
      } catch (IOException | GeneralSecurityException e) {
        throw new StorageFailed(
            order.location(), "spec.backup.storage.s3.caRef names no certificate; correct it", e);
      }
    }
    return builder.build();
  }

  private AwsCredentialsProvider credentials() throws StorageFailed {
    var credentials = order.credentials();
    return credentials == null
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(credentials(credentials));
  }

  private AwsCredentials credentials(S3Order.Credentials from) throws StorageFailed {
    var secret = S3Secret.read(from);
    if (secret.accessKeyId() == null || secret.secretAccessKey() == null) {
      throw new StorageFailed(
          order.location(),
          "Secret %s has no %s; it needs accessKeyId and secretAccessKey"
              .formatted(
                  from.secret(), secret.accessKeyId() == null ? "accessKeyId" : "secretAccessKey"));
    }
    var key = secret.secretAccessKey().value();
    return secret.sessionToken() == null
        ? AwsBasicCredentials.create(secret.accessKeyId(), key)
        : AwsSessionCredentials.create(secret.accessKeyId(), key, secret.sessionToken().value());
  }
}
