package io.tunetrail.operator.cli;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.api.AlembicSpec;
import io.tunetrail.operator.api.CreateAllSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.ProgramSpec;
import io.tunetrail.operator.api.SchemaSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseSpec;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Method;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.MigrationJob;
import org.jspecify.annotations.Nullable;

/**
 * Work for an image's Alembic that a person asks for.
 *
 * @param resource with Alembic as its engine
 * @param argument what the person gave with the task; null for nothing
 */
record AlembicWork(TuneTrailDatabase resource, Task task, @Nullable String argument) {

  /** For the next revision; throws where the resource has no Alembic. */
  static AlembicWork generate(TuneTrailDatabase resource, String message) throws CommandFailure {
    return new AlembicWork(
        withAlembic(resource, alembic(resource, Task.GENERATE)), Task.GENERATE, message);
  }

  /** For the first one, also of a project that has only a program for create-all. */
  static AlembicWork setup(TuneTrailDatabase resource, String metadata) throws CommandFailure {
    var program = program(resource);
    var alembic =
        program == null || resource.getSpec().schema().alembic() != null
            ? alembic(resource, Task.SETUP)
            : new AlembicSpec(
                program.image(),
                program.workingDirectory(),
                null,
                null,
                program.python(),
                null,
                null,
                null,
                program.urls());
    return new AlembicWork(withAlembic(resource, alembic), Task.SETUP, metadata);
  }

  /** For the differences; throws where the database has no revision to compare at. */
  static AlembicWork check(TuneTrailDatabase resource) throws CommandFailure {
    var name = resource.getMetadata().getName();
    if (Desired.from(resource).method() != Method.ALEMBIC) {
      throw new CommandFailure(
          "%s is not migrated by Alembic: check compares an image's models with a database at its newest revision"
              .formatted(name));
    }
    var status = resource.getStatus();
    if (status == null || status.migrationVersion() == null) {
      throw new CommandFailure(
          "%s has no revision yet; migrate it first, as kubectl get ttdb %s says"
              .formatted(name, name));
    }
    return new AlembicWork(resource, Task.CHECK, null);
  }

  private static AlembicSpec alembic(TuneTrailDatabase resource, Task task) throws CommandFailure {
    var alembic = resource.getSpec().schema().alembic();
    if (alembic == null) {
      throw new CommandFailure(
          "%s has no spec.schema.alembic, which names the image that %s runs in"
              .formatted(resource.getMetadata().getName(), task));
    }
    return alembic;
  }

  private static @Nullable ProgramSpec program(TuneTrailDatabase resource) {
    CreateAllSpec createAll = resource.getSpec().schema().createAll();
    return createAll == null ? null : createAll.program();
  }

  /** As it would be if Alembic migrated it. */
  private static TuneTrailDatabase withAlembic(TuneTrailDatabase resource, AlembicSpec alembic) {
    var spec = resource.getSpec();
    var copy = new TuneTrailDatabase();
    copy.setMetadata(resource.getMetadata());
    copy.setSpec(
        new TuneTrailDatabaseSpec(
            spec.edition() == Edition.COMMUNITY ? Edition.COMMERCIAL : spec.edition(),
            spec.environment(),
            spec.targetVersion(),
            spec.connection(),
            new SchemaSpec(null, null, alembic),
            spec.migration(),
            spec.approval(),
            spec.scratch(),
            null,
            spec.jobTemplate(),
            spec.suspend(),
            spec.requestedBy(),
            spec.drift(),
            null,
            null));
    return copy;
  }

  /**
   * Its Job.
   *
   * @param unique makes its name one of its own
   * @param image the operator's
   */
  Job job(String unique, String image) {
    return MigrationJob.byHand(resource, Desired.from(resource), work(unique), argument, image);
  }

  /** What its Job, or this machine, does. */
  Work work(String unique) {
    return new Work(Method.ALEMBIC, task, Digest.of(unique), 1, "", null, null);
  }

  /** The image that the work runs in. */
  String image() {
    return requireNonNull(resource.getSpec().schema().alembic()).image();
  }
}
