package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tunetrail.operator.api.InPlaceSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.RestoreAdminSpec;
import io.tunetrail.operator.api.RestoreApprovalSpec;
import io.tunetrail.operator.api.RestoreBackupSpec;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.RestoreTargetSpec;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreSpec;
import io.tunetrail.operator.backup.BackupChoice;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A restore that somebody asks for, before it is begun.
 *
 * @param backup that comes back; the newest known one where the resource that waits names none
 * @param waiting the resource that waits for an approval; null: another is made
 * @param newDatabase null: in place
 * @param admin null: the database's own user
 */
record RestoreOffer(
    Database database,
    KnownBackup backup,
    @Nullable TuneTrailRestore waiting,
    @Nullable String newDatabase,
    @Nullable RestoreAdminSpec admin,
    String user,
    Instant now) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What it is, or why there is none. */
  static RestoreOffer of(BackupPlaces places, RestoreOptions options, String user, Instant now)
      throws CommandFailure {
    var target = options.target;
    if (target.approve != null) {
      return ofWaiting(places, options, target.approve, user, now);
    }
    var database = places.database();
    var backup = chosen(database, places.backups(), options.backup);
    var admin = admin(database, options.admin);
    if (target.inPlace && admin == null) {
      throw new CommandFailure(
          "in place needs --admin SECRET, the credentials of who may make and rename databases");
    }
    return new RestoreOffer(database, backup, null, target.newDatabase, admin, user, now);
  }

  private static RestoreOffer ofWaiting(
      BackupPlaces places, RestoreOptions options, String name, String user, Instant now)
      throws CommandFailure {
    var restore =
        places.restores().stream()
            .filter(it -> it.getMetadata().getName().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "there is no TuneTrailRestore %s of %s; see kubectl get ttrestore"
                            .formatted(name, places.database().name())));
    var status = restore.getStatus();
    if (status == null || status.phase() != RestorePhase.AWAITING_APPROVAL) {
      throw new CommandFailure(
          "TuneTrailRestore %s waits for no approval: %s"
              .formatted(name, status == null ? "nobody has looked at it yet" : status.phase()));
    }
    var known = places.backups();
    var named = restore.getSpec().backup().name();
    var backup =
        named == null
            ? chosen(places.database(), known, options.backup)
            : byName(known, named).orElseGet(() -> KnownBackup.named(named));
    return new RestoreOffer(
        places.database(), backup, restore, null, restore.getSpec().admin(), user, now);
  }

  /**
   * By its name also one that the cluster does not tell of: where backups lie there may be more.
   */
  private static KnownBackup chosen(
      Database database, List<KnownBackup> known, RestoreOptions.Backup wanted)
      throws CommandFailure {
    if (wanted.name != null) {
      var name = wanted.name;
      return byName(known, name).orElseGet(() -> KnownBackup.named(name));
    }
    var before = wanted.before;
    return known.stream()
        .filter(it -> !it.name().endsWith(BackupChoice.SAFETY))
        .filter(it -> wanted.latest || before != null || "Yes".equals(it.verified()))
        .filter(
            it ->
                before == null || (it.time() != null && !Instant.parse(it.time()).isAfter(before)))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    "the cluster tells of no such backup of %1$s; name one by --backup, see kubectl tunetrail backups %1$s"
                        .formatted(database.name())));
  }

  private static Optional<KnownBackup> byName(List<KnownBackup> known, String name) {
    return known.stream().filter(it -> it.name().equals(name)).findFirst();
  }

  private static @Nullable RestoreAdminSpec admin(Database database, @Nullable String secret) {
    if (secret != null) {
      return new RestoreAdminSpec(new LocalReference(secret), null);
    }
    var migration = database.resource().getSpec().migration();
    return migration == null ? null : migration.restoreAdmin();
  }

  /** What it does. */
  String words() {
    var spec = database.resource().getSpec();
    var fields =
        new Fields()
            .add("Backup", backup.name())
            .add("Age", KnownBackups.age(backup.time(), now))
            .add("Size", backup.size())
            .add("Verified", Objects.requireNonNullElse(backup.verified(), "not known"))
            .add("Version", backup.migrationVersion())
            .add("Becomes", becomes())
            .add("Lost", newDatabase == null ? lost() : null);
    return "%s in namespace %s (%s, %s)\n%s"
        .formatted(
            database.name(), database.namespace(), spec.edition(), spec.environment(), fields);
  }

  private String becomes() {
    return newDatabase == null
        ? "the live database; the one of now is backed up first, and kept under another name"
        : "database %s on the same server; the live one stays as it is".formatted(newDatabase);
  }

  private String lost() {
    return "what was written since, to whoever uses the database; its sessions are ended";
  }

  /** Makes the resource, or approves the one that waits. */
  TuneTrailRestore carryOut(Cluster cluster) {
    return waiting == null
        ? cluster.client().resource(resource()).create()
        : approved(cluster, waiting);
  }

  private TuneTrailRestore approved(Cluster cluster, TuneTrailRestore restore) {
    var metadata = restore.getMetadata();
    var approval = new HashMap<String, @Nullable Object>();
    approval.put("backup", backup.name());
    approval.put("approvedBy", user);
    var change = Change.ofSpec(Map.of("approval", approval));
    return cluster
        .client()
        .resources(TuneTrailRestore.class)
        .inNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), change.toJson(metadata.getResourceVersion()));
  }

  private TuneTrailRestore resource() {
    var restore = new TuneTrailRestore();
    restore.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(database.namespace())
            .withName(database.name() + "-" + STAMP.format(now))
            .build());
    restore.setSpec(
        new TuneTrailRestoreSpec(
            new LocalReference(database.name()),
            new RestoreBackupSpec(backup.name(), null, null),
            new RestoreTargetSpec(newDatabase, newDatabase == null ? new InPlaceSpec() : null),
            admin,
            newDatabase == null ? new RestoreApprovalSpec(backup.name(), user, null) : null));
    return restore;
  }
}
