package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.PostgresClients.Programs;
import io.tunetrail.operator.database.RestoreNeeds;
import io.tunetrail.operator.database.RestoreNeeds.Objection;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One verification's straight line: manifest, what a restore needs, scratch database, pg_restore,
 * comparison; and the note that it was restored comes last.
 *
 * @param server where the scratch database is made
 * @param beside whether that is the database's own server
 */
record VerifyRun(
    VerifyOrder order,
    String job,
    ConnectionSettings server,
    boolean beside,
    PostgresClients clients,
    Path temporary,
    WorkLog log) {

  /** No object goes back to its owner, of which the login need not be a member. */
  private static final PgRestore.Options OPTIONS = new PgRestore.Options(false, true, null);

  /** A larger archive could fill the disk of the server that serves. */
  private static final long LARGEST_BESIDE = 1L << 30;

  /** As much of a checksum as tells it from another. */
  private static final int SHOWN = 12;

  /** What is found, also of one that is not verified, is found of this backup. */
  WorkResult run() {
    var result = found();
    return result.verification() != null
        ? result
        : WorkResult.of(
            result.outcome(),
            result.message(),
            new VerificationReport(order.backup(), false, 0, 0));
  }

  private WorkResult found() {
    var store = order.store().open();
    try {
      var manifest =
          store.manifests().stream().filter(it -> it.name().equals(order.backup())).findFirst();
      var content = manifest.map(Manifest::content);
      if (content.isEmpty()) {
        return WorkResult.failed(
            Outcome.BACKUP_DAMAGED,
            "the manifest of %s is not in %s, or can't be read"
                .formatted(order.backup(), order.store().location()));
      }
      StoredArchive.requireOpenable(store, manifest.get(), order.store().archiveKeys());
      var result = examined(store, manifest.get(), content.get());
      if (result.outcome() == Outcome.DONE) {
        store.verified(order.backup(), Instant.now());
      }
      return result;
    } catch (StorageFailed e) {
      return WorkResult.failed(Outcome.BACKUP_STORAGE_FAILED, String.valueOf(e.getMessage()));
    } catch (KeyUnfit e) {
      return WorkResult.failed(Outcome.BACKUP_KEY_UNFIT, e.words());
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private WorkResult unreadable(Exception failure) {
    return WorkResult.failed(
        Outcome.BACKUP_STORAGE_FAILED, "%s: %s".formatted(order.backup(), failure.getMessage()));
  }

  private WorkResult examined(BackupStore store, Manifest manifest, DatabaseContent content)
      throws StorageFailed, KeyUnfit {
    if (beside && manifest.sizeBytes() > LARGEST_BESIDE) {
      return WorkResult.failed(
          Outcome.SCRATCH_UNAVAILABLE,
          "%s has more than 1 GB, which is not restored on the server that serves the database; name another in spec.scratch"
              .formatted(manifest.archive()));
    }
    try {
      var objection = needs(content).objection(server, job);
      return objection.isPresent() ? refused(objection.get()) : scratched(store, manifest, content);
    } catch (SQLException e) {
      return WorkResult.failed(
          Outcome.SCRATCH_UNAVAILABLE, "the scratch server: " + SqlFailure.of(e, server).detail());
    } catch (IOException | InterruptedException e) {
      return unreadable(e);
    }
  }

  private static RestoreNeeds needs(DatabaseContent content) {
    return new RestoreNeeds(
        content.roles(),
        content.extensions().stream().map(DatabaseContent.Extension::name).toList());
  }

  private static WorkResult refused(Objection objection) {
    return switch (objection) {
      case Objection.Login it -> WorkResult.failed(Outcome.SCRATCH_UNAVAILABLE, it.detail());
      case Objection.Lacking it -> WorkResult.failed(Outcome.SCRATCH_UNFIT, it.detail());
    };
  }

  private WorkResult scratched(BackupStore store, Manifest manifest, DatabaseContent content)
      throws SQLException, StorageFailed, KeyUnfit, IOException, InterruptedException {
    return switch (Scratch.make(server, job, content.locale())) {
      case Scratch.Attempt.Unavailable it ->
          WorkResult.failed(Outcome.SCRATCH_UNAVAILABLE, it.detail());
      case Scratch.Attempt.Made made -> {
        try (var scratch = made.scratch()) {
          yield restored(store, manifest, content, scratch);
        }
      }
    };
  }

  private WorkResult restored(
      BackupStore store, Manifest manifest, DatabaseContent content, Scratch scratch)
      throws SQLException, StorageFailed, KeyUnfit, IOException, InterruptedException {
    int major = scratch.serverMajor();
    var programs = programs(major, content.serverVersion() / 10_000);
    if (programs.isEmpty()) {
      return WorkResult.failed(
          Outcome.SCRATCH_UNAVAILABLE,
          "the image has no pg_restore for PostgreSQL %d".formatted(major));
    }
    log.line(
        "restoring %s of %s to PostgreSQL %d on %s:%d"
            .formatted(order.backup(), manifest.tool(), major, server.host(), server.port()));
    var connection = new ClientConnection(scratch.settings(), temporary, "tunetrail/" + job);
    var restore = new PgRestore(programs.get(), major, connection, OPTIONS, manifest.sessions());
    var leftOut = needs(content).superusersExtensions(server, job);
    var source =
        new ArchiveSource(store, manifest, order.store().archiveKeys(), order.store().workspace());
    var ended = restored(source, restore, leftOut);
    var damage = damage(manifest, ended.archive());
    return damage.isPresent()
        ? WorkResult.failed(Outcome.BACKUP_DAMAGED, damage.get())
        : judged(manifest, scratch, ended, leftOut);
  }

  /** Without the extensions that no login of a scratch server may make. */
  private PgRestore.Ended restored(ArchiveSource source, PgRestore restore, List<String> leftOut)
      throws StorageFailed, KeyUnfit, IOException, InterruptedException {
    if (leftOut.isEmpty()) {
      try (var archive = source.open()) {
        return restore.restore(archive);
      }
    }
    log.line("left out, as only a superuser may make them: " + String.join(", ", leftOut));
    var entries = temporary.resolve("entries");
    try (var archive = source.open()) {
      Files.write(entries, without(leftOut, restore.contents(archive)));
    }
    try (var archive = source.open()) {
      return restore.restore(archive, entries);
    }
  }

  /** As in {@code 4; 3079 16507 EXTENSION - dblink} and its comment's entry. */
  private static List<String> without(List<String> extensions, List<String> entries) {
    return entries.stream()
        .filter(
            entry ->
                extensions.stream()
                    .noneMatch(
                        it -> entry.matches(".* EXTENSION (- )?" + Pattern.quote(it) + " *")))
        .toList();
  }

  /** An archive is read by a program no older than the one that wrote it. */
  private Optional<Programs> programs(int scratchMajor, int dumpedMajor) {
    return clients.of(Math.max(scratchMajor, dumpedMajor));
  }

  private Optional<String> damage(Manifest manifest, Written read) {
    if (read.bytes() != manifest.sizeBytes()) {
      return Optional.of(
          "%s has %d bytes, its manifest says %d"
              .formatted(manifest.archive(), read.bytes(), manifest.sizeBytes()));
    }
    return read.sha256().equals(manifest.sha256())
        ? Optional.empty()
        : Optional.of(
            "%s has another content than was written: its SHA-256 is %s, its manifest says %s"
                .formatted(
                    manifest.archive(), shortened(read.sha256()), shortened(manifest.sha256())));
  }

  private static String shortened(String sha256) {
    return sha256.substring(0, Math.min(SHOWN, sha256.length())) + "…";
  }

  private WorkResult judged(
      Manifest manifest, Scratch scratch, PgRestore.Ended ended, List<String> leftOut)
      throws SQLException {
    if (!ended.succeeded()) {
      var outcome = ended.outcome(Outcome.VERIFICATION_FAILED);
      return WorkResult.failed(
          switch (outcome) {
            case CONNECTION_LOST, UNREACHABLE -> Outcome.SCRATCH_UNAVAILABLE;
            default -> Outcome.VERIFICATION_FAILED;
          },
          "%s does not restore: %s".formatted(manifest.archive(), ended.detail()));
    }
    try (var snapshot = Snapshot.take(scratch)) {
      var comparison = new RestoredComparison(manifest, snapshot.rows(), snapshot.catalog());
      var differences = comparison.differences(owner(), leftOut);
      return differences.isEmpty()
          ? verified(manifest.tables())
          : WorkResult.failed(
              Outcome.VERIFICATION_FAILED,
              "%s restores to something else: %s"
                  .formatted(manifest.archive(), RestoredComparison.named(differences)));
    }
  }

  private String owner() {
    return requireNonNullElse(server.role(), server.username());
  }

  private WorkResult verified(List<TableRows> tables) {
    long rows = tables.stream().mapToLong(TableRows::rows).sum();
    log.line("%d tables with %d rows are as they were".formatted(tables.size(), rows));
    return WorkResult.of(
        Outcome.DONE, null, new VerificationReport(order.backup(), true, tables.size(), rows));
  }
}
