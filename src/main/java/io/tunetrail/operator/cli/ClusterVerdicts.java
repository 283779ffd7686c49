package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is found of a cluster, judged. */
final class ClusterVerdicts {
  private static final int OLDEST_MINOR = 30;
  private static final Duration SKEW = Duration.ofSeconds(5);
  private static final String APPLY = "kubectl apply -k deploy";

  private ClusterVerdicts() {}

  /** Of the numbers that a server tells, as in 1 and 30+. */
  static Check version(String major, String minor, String name) {
    int number = number(major) * 1000 + number(minor);
    return number >= 1000 + OLDEST_MINOR
        ? Check.ok("cluster", "Kubernetes " + name)
        : Check.fail(
            "cluster",
            "Kubernetes %s, older than 1.%d".formatted(name, OLDEST_MINOR),
            "Upgrade it: the operator needs admission policies and native sidecars.");
  }

  private static int number(String text) {
    var digits = text.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /**
   * This machine's clock against the API server's.
   *
   * @param date as in an HTTP answer; null where there was none
   */
  static Check clock(Instant here, @Nullable String date) {
    try {
      var there =
          ZonedDateTime.parse(
                  Objects.requireNonNullElse(date, ""), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      // The header has no fractions: what it names lasts for a second.
      var ahead = Duration.between(there.plusMillis(500), here);
      return ahead.abs().compareTo(SKEW) <= 0
          ? Check.ok("clock", "agrees with the API server's")
          : Check.warn(
              "clock",
              "%d s %s the API server's"
                  .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
              "Set it by NTP: tokens, certificates and approvals that expire go by the time.");
    } catch (DateTimeParseException e) {
      return Check.warn("clock", "the API server tells no time", "Compare it by hand.");
    }
  }

  static Check definition(
      Optional<CustomResourceDefinition> installed, CustomResourceDefinition own) {
    if (installed.isEmpty()) {
      return Check.fail(
          "definition",
          "the cluster knows no " + own.getSpec().getNames().getKind(),
          "Install it: " + APPLY);
    }
    return Installation.isSame(installed.get(), own)
        ? Check.ok("definition", "that of this program's version")
        : Check.warn(
            "definition",
            own.getSpec().getNames().getKind() + " has other fields than this program knows",
            "Apply that of the operator's version (%s), or take the command line of that version."
                .formatted(APPLY));
  }

  static Check operator(List<Deployment> operators, String namespace) {
    if (operators.isEmpty()) {
      return Check.fail(
          "operator",
          "there is none in namespace " + namespace,
          "Install it: %s; or say where it is by --operator-namespace.".formatted(APPLY));
    }
    var operator = operators.getFirst();
    var status = operator.getStatus();
    int ready = status == null || status.getReadyReplicas() == null ? 0 : status.getReadyReplicas();
    var image = operator.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    return ready > 0
        ? Check.ok("operator", "%d ready, %s".formatted(ready, image))
        : Check.fail(
            "operator",
            "none of its pods is ready",
            "See why: kubectl describe pods --namespace=%s --selector=app.kubernetes.io/name=tunetrail-operator"
                .formatted(namespace));
  }

  static Check ownRights(List<Right> missing, String namespace) {
    return missing.isEmpty()
        ? Check.ok("your rights", "all that the commands need in namespace " + namespace)
        : Check.warn(
            "your rights",
            "you may not %s in namespace %s".formatted(joined(missing), namespace),
            "Who may edit a namespace may do all of it; ask for that role where you need it.");
  }

  static Check operatorRights(List<Right> missing, String namespace) {
    return missing.isEmpty()
        ? Check.ok("its rights", "all that it needs in namespace " + namespace)
        : Check.fail(
            "its rights",
            "it may not %s in namespace %s".formatted(joined(missing), namespace),
            "Grant them: %s, or for one namespace kubectl apply -k deploy/namespaced/watched -n %s"
                .formatted(APPLY, namespace));
  }

  private static String joined(List<Right> rights) {
    return rights.stream().map(Right::toString).collect(Collectors.joining(", "));
  }
}
