package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.Optional;
import java.util.regex.Pattern;

/** What it means that the API server would not have a request of the operator. */
final class Forbidden {
  private static final int FORBIDDEN = 403;
  private static final int INTERNAL_ERROR = 500;

  /** How Kubernetes words a missing right; a quota's or a policy's 403 reads otherwise. */
  private static final Pattern RIGHT =
      Pattern.compile(
          "User \"(?<user>[^\"]+)\" cannot (?<verb>\\S+) resource \"(?<resource>[^\"]+)\""
              + " in API group \"(?<group>[^\"]*)\"( in the namespace \"(?<namespace>[^\"]+)\")?");

  /** How it words that a webhook which has to agree could not be asked. */
  private static final String UNASKED = "failed calling webhook";

  private Forbidden() {}

  /**
   * The right that the operator lacks, or what else somebody must mend; empty where the request
   * failed for another reason.
   */
  static Optional<Verdict> verdict(KubernetesClientException failure) {
    if (failure.getCode() == INTERNAL_ERROR && words(failure).contains(UNASKED)) {
      return Optional.of(new Verdict(Reason.API_REFUSED, words(failure)));
    }
    if (failure.getCode() != FORBIDDEN) {
      return Optional.empty();
    }
    var right = RIGHT.matcher(words(failure));
    if (!right.find()) {
      return Optional.of(new Verdict(Reason.API_REFUSED, words(failure)));
    }
    var namespace = right.group("namespace");
    return Optional.of(
        new Verdict(
            Reason.RIGHT_MISSING,
            "%s may not %s %s%s%s"
                .formatted(
                    right.group("user"),
                    right.group("verb"),
                    right.group("resource"),
                    right.group("group").isEmpty() ? "" : "." + right.group("group"),
                    namespace == null ? "" : " in namespace " + namespace)));
  }

  /** The API server's own words, or the client's where it sent none. */
  static String words(KubernetesClientException failure) {
    return failure.getStatus() == null || failure.getStatus().getMessage() == null
        ? String.valueOf(failure.getMessage())
        : failure.getStatus().getMessage();
  }
}
