package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.migration.JobLabels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/** Looks at a cluster as an operator of this version needs it. */
record ClusterExamination(Cluster cluster, String operatorNamespace) {
  private static final int FORBIDDEN = 403;

  /** What people use this command line for. */
  private static final List<Right> OF_PEOPLE =
      List.of(
          new Right("get", "tunetrail.io", "tunetraildatabases"),
          new Right("list", "tunetrail.io", "tunetraildatabases"),
          new Right("patch", "tunetrail.io", "tunetraildatabases"),
          new Right("get", "", "configmaps"),
          new Right("list", "batch", "jobs"),
          new Right("list", "", "pods"));

  List<Check> checks() {
    var checks = new ArrayList<Check>();
    checks.add(version());
    checks.add(clock());
    checks.add(asked("definition", "read CustomResourceDefinitions", this::definition));
    checks.add(asked("your rights", "ask what you may do", this::ownRights));
    var operators = new ArrayList<Deployment>();
    checks.add(
        asked(
            "operator",
            "read Deployments in namespace " + operatorNamespace,
            () -> {
              operators.addAll(cluster.operators(operatorNamespace));
              return ClusterVerdicts.operator(operators, operatorNamespace);
            }));
    operators.stream()
        .findFirst()
        .ifPresent(
            it ->
                checks.add(
                    asked("its rights", "ask what others may do", () -> operatorRights(it))));
    return checks;
  }

  /** A look that may be refused. */
  private interface Question {
    Check answer();
  }

  private static Check asked(String subject, String what, Question question) {
    try {
      return question.answer();
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      return Check.warn(
          subject, "you may not %s".formatted(what), "Ask somebody who may to run this.");
    }
  }

  private Check version() {
    var version = cluster.client().getKubernetesVersion();
    return ClusterVerdicts.version(version.getMajor(), version.getMinor(), version.getGitVersion());
  }

  /** By the Date of an answer, which is to the second. */
  private Check clock() {
    var client = cluster.client();
    var http = client.getHttpClient();
    var request = http.newHttpRequestBuilder().uri(client.getMasterUrl() + "version").build();
    try {
      var before = Instant.now();
      var response = http.sendAsync(request, String.class).join();
      var took = Duration.between(before, Instant.now());
      return ClusterVerdicts.clock(before.plus(took.dividedBy(2)), response.header("Date"));
    } catch (CompletionException e) {
      return ClusterVerdicts.clock(Instant.now(), null);
    }
  }

  /** What is worst of all definitions. */
  private Check definition() {
    return Installation.definitions().stream()
        .map(this::definition)
        .max(Comparator.comparing(Check::level))
        .orElseThrow();
  }

  private Check definition(CustomResourceDefinition own) {
    var installed =
        cluster
            .client()
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(own.getMetadata().getName())
            .get();
    return ClusterVerdicts.definition(Optional.ofNullable(installed), own);
  }

  private Check ownRights() {
    return ClusterVerdicts.ownRights(missing(OF_PEOPLE, this::mayI), cluster.namespace());
  }

  private Check operatorRights(Deployment operator) {
    var pod = operator.getSpec().getTemplate().getSpec();
    var account =
        "system:serviceaccount:%s:%s"
            .formatted(
                operatorNamespace,
                Objects.requireNonNullElse(pod.getServiceAccountName(), JobLabels.OPERATOR));
    return ClusterVerdicts.operatorRights(
        missing(Installation.rights(), right -> may(account, right)), cluster.namespace());
  }

  private static List<Right> missing(List<Right> rights, Predicate<Right> may) {
    return rights.stream().filter(it -> !may.test(it)).toList();
  }

  private boolean mayI(Right right) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(attributes(right).build())
            .endSpec()
            .build();
    return cluster
        .client()
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private boolean may(String user, Right right) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user)
            .withResourceAttributes(attributes(right).build())
            .endSpec()
            .build();
    return cluster
        .client()
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private ResourceAttributesBuilder attributes(Right right) {
    return new ResourceAttributesBuilder()
        .withNamespace(cluster.namespace())
        .withVerb(right.verb())
        .withGroup(right.group())
        .withResource(right.plural())
        .withSubresource(right.subresource());
  }
}
