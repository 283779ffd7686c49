package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.api.AlembicSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Alembic's settings with their defaults filled in.
 *
 * @param program the image and its {@code alembic}, to which {@code upgrade REVISION} is added
 * @param config the ini file, relative to the working directory
 * @param branch the label of the branch that {@code latest} means; null where there is one head
 * @param versionTableSchema null: the connection's own default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AlembicSettings(
    ProgramSettings program,
    String config,
    @Nullable String branch,
    String versionTable,
    @Nullable String versionTableSchema) {

  public static AlembicSettings of(AlembicSpec spec) {
    return new AlembicSettings(
        ProgramSettings.of(
            spec.image(),
            Objects.requireNonNullElse(spec.command(), List.of("alembic")),
            spec.python(),
            spec.workingDirectory(),
            spec.urls()),
        Objects.requireNonNullElse(spec.config(), "alembic.ini"),
        spec.branch(),
        Objects.requireNonNullElse(spec.versionTable(), HistoryTable.ALEMBIC),
        spec.versionTableSchema());
  }

  public HistoryTable history() {
    return new HistoryTable(versionTableSchema, versionTable);
  }

  /** What is inspected; its digest is of everything that changes which revisions there are. */
  public ImageSource source() {
    return new ImageSource(
        ImageSource.Holds.REVISIONS,
        program.image(),
        Digest.of(
            program.image(), program.python().toString(), program.workingDirectory(), config));
  }

  /** Digest of everything but the image that changes what a revision does or which ones run. */
  public String digest() {
    return Digest.of(
        program.command().toString(),
        program.workingDirectory(),
        program.urls().toString(),
        config,
        branch,
        versionTable,
        versionTableSchema);
  }
}
