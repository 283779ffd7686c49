package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What is said of each failure, and what to do about it. */
class S3FailureTest {
  private static final String ENDPOINT = "https://s3.example.org";

  private static S3Order order(S3Order.@Nullable Credentials credentials) {
    return new S3Order(
        "backups", "nightly/music/songs/", "eu-west-1", ENDPOINT, true, null, credentials);
  }

  private static String said(SdkException failure) {
    var order = order(new S3Order.Credentials("s3-writer", "/etc/tunetrail/backup-credentials"));
    return String.valueOf(S3Failure.of(order, failure).getMessage());
  }

  private static S3Exception refusal(int status, String code, String words) {
    var response = SdkHttpResponse.builder().putHeader("x-amz-bucket-region", "eu-north-1").build();
    var details =
        AwsErrorDetails.builder()
            .errorCode(code)
            .errorMessage(words)
            .sdkHttpResponse(response)
            .build();
    return (S3Exception)
        S3Exception.builder().awsErrorDetails(details).statusCode(status).message(words).build();
  }

  private static SdkException unanswered(Exception cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  @Test
  void a_bucket_that_is_not_there() {
    assertThat(said(refusal(404, "NoSuchBucket", "The specified bucket does not exist")))
        .isEqualTo(
            "s3://backups/nightly/music/songs/: there is no bucket backups at"
                + " https://s3.example.org; create it, or correct spec.backup.storage.s3.bucket or"
                + " endpoint");
  }

  @Test
  void rights_that_are_missing_are_named() {
    assertThat(said(refusal(403, "AccessDenied", "Access Denied")))
        .contains("access is denied (AccessDenied: Access Denied)")
        .contains("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads");
  }

  @Test
  void credentials_that_are_not_taken_name_their_secret() {
    assertThat(said(refusal(403, "SignatureDoesNotMatch", "no match")))
        .contains("the credentials are not taken")
        .endsWith("correct Secret s3-writer");
    assertThat(S3Failure.of(order(null), refusal(403, "ExpiredToken", "expired")).getMessage())
        .contains("service account");
  }

  @Test
  void the_bucket_of_another_region_names_it() {
    assertThat(said(refusal(301, "PermanentRedirect", "elsewhere")))
        .contains(
            "the bucket is not in region eu-west-1 but in eu-north-1; correct"
                + " spec.backup.storage.s3.region");
  }

  @Test
  void clocks_that_differ_and_a_place_that_is_full() {
    assertThat(said(refusal(403, "RequestTimeTooSkewed", "too skewed")))
        .contains("the clocks of the node and of https://s3.example.org differ");
    assertThat(said(refusal(507, "InsufficientStorage", "full"))).contains("no room");
    assertThat(said(refusal(500, "InternalError", "We encountered an error")))
        .endsWith("InternalError: We encountered an error");
  }

  @Test
  void tls_that_is_not_trusted_tells_why_in_its_last_words() {
    var tls = new SSLHandshakeException("handshake");
    tls.initCause(new CertificateException("No subject alternative DNS name matching s3"));
    assertThat(said(unanswered(tls)))
        .contains("failed: No subject alternative DNS name matching s3;")
        .contains("spec.backup.storage.s3.caRef");
  }

  @Test
  void an_endpoint_that_is_not_there() {
    assertThat(said(unanswered(new ConnectException("Connection refused"))))
        .contains("https://s3.example.org can't be reached: Connection refused");
    assertThat(said(unanswered(new UnknownHostException("s3.example.org"))))
        .contains("the name of https://s3.example.org is not known");
  }

  @Test
  void a_pod_without_an_identity() {
    var failure = SdkClientException.create("Unable to load credentials from any of the providers");
    assertThat(S3Failure.of(order(null), failure).getMessage())
        .contains("the pod has no credentials;", "spec.backup.storage.s3.credentialsSecretRef");
  }

  @Test
  void an_identity_that_is_not_taken_says_why() {
    var failure =
        SdkClientException.create(
            "Unable to load credentials from any of the providers in the chain"
                + " AwsCredentialsProviderChain(credentialsProviders=["
                + "WebIdentityTokenCredentialsProvider(), ContainerCredentialsProvider()]) : ["
                + "WebIdentityTokenCredentialsProvider(): Either the environment variable"
                + " AWS_WEB_IDENTITY_TOKEN_FILE or the javaproperty aws.webIdentityTokenFile must"
                + " be set., ContainerCredentialsProvider(): Failed to load credentials from"
                + " metadata service., InstanceProfileCredentialsProvider(): none]");
    assertThat(S3Failure.of(order(null), failure).getMessage())
        .contains(
            "the pod has no credentials (Failed to load credentials from metadata service.); give");
  }
}
