package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where in a cluster a database's backups and restores are told of. */
record BackupPlaces(Cluster cluster, Database database) {

  /** Newest first. */
  List<KnownBackup> backups() {
    return KnownBackups.of(database, jobs(), restores());
  }

  /** Of the database, by their names. */
  List<TuneTrailRestore> restores() {
    return cluster
        .client()
        .resources(TuneTrailRestore.class)
        .inNamespace(cluster.namespace())
        .list()
        .getItems()
        .stream()
        .filter(it -> it.getSpec().databaseRef().name().equals(database.name()))
        .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
        .toList();
  }

  /** Backups belong to the CronJob, verifications to the database. */
  private List<ObservedJob> jobs() {
    var uid = database.resource().getMetadata().getUid();
    var jobs =
        cluster
            .client()
            .batch()
            .v1()
            .jobs()
            .inNamespace(cluster.namespace())
            .withLabel(JobLabels.RESOURCE_UID, uid)
            .list()
            .getItems()
            .stream()
            .filter(ObservedJobs::isBackup)
            .toList();
    var pods =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withLabel(JobLabels.RESOURCE_UID, uid)
            .list()
            .getItems();
    return jobs.stream()
        .flatMap(job -> Stream.ofNullable(job.getMetadata().getOwnerReferences()))
        .flatMap(List::stream)
        .map(it -> it.getUid())
        .distinct()
        .flatMap(owner -> ObservedJobs.of(owner, jobs, pods).stream())
        .toList();
  }
}
