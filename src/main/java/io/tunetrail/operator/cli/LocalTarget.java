package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.engine.ScriptFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which version of a project on this machine somebody means. */
record LocalTarget(LocalProject project) {

  /** What a target comes to from where the database is; nobody else moves it meanwhile. */
  Move move(String to) throws CommandFailure {
    var resource = new LocalDatabase(project).decide().database().resource();
    var retargeting = Retargeting.of(resource, TargetRequest.parse(to));
    var objection = retargeting.withoutVersions();
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    var status = resource.getStatus();
    var current = status == null ? null : status.migrationVersion();
    return switch (line(current).resolve(retargeting.request())) {
      case Answer.Found(Move move) -> move;
      case Answer.Refused(String message) ->
          throw new CommandFailure(resource.getMetadata().getName() + ": " + message);
    };
  }

  private VersionLine line(@Nullable String current) throws CommandFailure {
    var desired = project.desired();
    var alembic = desired.alembic();
    var python = project.python();
    if (alembic != null && python != null) {
      return AlembicLine.of(python.revisions(desired, alembic), current, alembic.branch());
    }
    var files = project.scripts().files().stream().map(ScriptFile::fileName).toList();
    return FlywayLine.of(files, Objects.requireNonNull(desired.flyway()), current);
  }
}
