package io.tunetrail.operator.backup;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failure of S3 means, for the person who must act. */
final class S3Failure {
  private static final String SPEC = "spec.backup.storage.s3.";
  private static final String RIGHTS =
      "the credentials need s3:ListBucket and s3:ListBucketMultipartUploads on the bucket,"
          + " s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its keys";
  private static final int NO_ROOM = 507;

  /** Within the SDK's account of all that it tried. */
  private static final Pattern IDENTITY =
      Pattern.compile(
          "\\b(WebIdentityToken|Container)CredentialsProvider\\(\\): (?<said>.*?)"
              + "(?=, [A-Z]\\w*CredentialsProvider\\(|]$)");

  private S3Failure() {}

  static StorageFailed of(S3Order order, SdkException failure) {
    var words =
        failure instanceof AwsServiceException refusal
            ? refused(order, refusal)
            : unanswered(order, failure);
    return new StorageFailed(order.location(), words, failure);
  }

  private static String refused(S3Order order, AwsServiceException refusal) {
    var details = refusal.awsErrorDetails();
    var code = details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    return switch (code) {
      case "NoSuchBucket" ->
          "there is no bucket %s at %s; create it, or correct %sbucket or endpoint"
              .formatted(order.bucket(), endpoint(order), SPEC);
      case "AccessDenied", "AllAccessDisabled", "Forbidden" ->
          "access is denied (%s); %s".formatted(said(refusal), RIGHTS);
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
          "the credentials are not taken (%s); %s".formatted(said(refusal), correct(order));
      case "RequestTimeTooSkewed", "RequestExpired" ->
          "the clocks of the node and of %s differ too much; set the wrong one"
              .formatted(endpoint(order));
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IncorrectRegion",
          "IllegalLocationConstraintException" ->
          "the bucket is not in region %s%s; correct %sregion"
              .formatted(order.region(), itsRegion(details), SPEC);
      default ->
          refusal.statusCode() == NO_ROOM
              ? "there is no room (%s)".formatted(said(refusal))
              : said(refusal);
    };
  }

  private static String correct(S3Order order) {
    var credentials = order.credentials();
    return credentials == null
        ? "give the pod's service account an identity, or set " + SPEC + "credentialsSecretRef"
        : "correct Secret " + credentials.secret();
  }

  private static String itsRegion(@Nullable AwsErrorDetails details) {
    var response = details == null ? null : details.sdkHttpResponse();
    return response == null
        ? ""
        : response.firstMatchingHeader("x-amz-bucket-region").map(it -> " but in " + it).orElse("");
  }

  /** In the server's own words. */
  private static String said(AwsServiceException refusal) {
    var details = refusal.awsErrorDetails();
    if (details == null || details.errorCode() == null) {
      return "HTTP status %d".formatted(refusal.statusCode());
    }
    return "%s: %s".formatted(details.errorCode(), details.errorMessage());
  }

  private static String unanswered(S3Order order, SdkException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return "the name of %s is not known; correct %sendpoint or region"
              .formatted(endpoint(order), SPEC);
        }
        case SSLException e -> {
          return untrusted(order, e);
        }
        case CertificateException e -> {
          return untrusted(order, e);
        }
        case SocketException e -> {
          return unreachable(order, e);
        }
        case SocketTimeoutException e -> {
          return unreachable(order, e);
        }
        default -> {
          // What caused it may say more.
        }
      }
    }
    var said = String.valueOf(failure.getMessage());
    return said.startsWith("Unable to load credentials")
        ? "the pod has no credentials%s; %s".formatted(identity(said), correct(order))
        : said;
  }

  /** Of all the ways to credentials, what became of that which the pod was given. */
  private static String identity(String said) {
    return IDENTITY
        .matcher(said)
        .results()
        .map(it -> it.group("said"))
        .filter(it -> !it.contains("must be set") && !it.contains("variables are set"))
        .map(" (%s)"::formatted)
        .findFirst()
        .orElse("");
  }

  private static String untrusted(S3Order order, Exception failure) {
    return ("TLS with %s failed: %s; let %scaRef name what signed its certificate, and endpoint a"
            + " name that is in it")
        .formatted(endpoint(order), root(failure), SPEC);
  }

  /** The words of what caused all else; TLS wraps them often. */
  private static String root(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static String unreachable(S3Order order, Exception failure) {
    return "%s can't be reached: %s; check that it runs, %sendpoint and network policies"
        .formatted(endpoint(order), failure.getMessage(), SPEC);
  }

  private static String endpoint(S3Order order) {
    return order.endpoint() == null ? "AWS in " + order.region() : order.endpoint();
  }
}
