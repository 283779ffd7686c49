package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.api.ProgramSpec;
import io.tunetrail.operator.api.UrlVariable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command of the application's own image.
 *
 * @param python how the image starts Python, which runs the command
 * @param workingDirectory null: the image's own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgramSettings(
    String image,
    List<String> command,
    List<String> python,
    @Nullable String workingDirectory,
    List<UrlVariable> urls) {
  private static final List<String> PYTHON = List.of("python");

  public static ProgramSettings of(ProgramSpec spec) {
    return of(spec.image(), spec.command(), spec.python(), spec.workingDirectory(), spec.urls());
  }

  static ProgramSettings of(
      String image,
      List<String> command,
      @Nullable List<String> python,
      @Nullable String workingDirectory,
      @Nullable List<UrlVariable> urls) {
    return new ProgramSettings(
        image,
        command,
        Objects.requireNonNullElse(python, PYTHON),
        workingDirectory,
        Objects.requireNonNullElse(urls, List.of()));
  }

  /** The same command of the image by another reference; null: by this one. */
  public ProgramSettings at(@Nullable String reference) {
    return reference == null
        ? this
        : new ProgramSettings(reference, command, python, workingDirectory, urls);
  }

  /** Digest of all that makes this program what it is, its image's reference included. */
  public String digest() {
    return Digest.of(toString());
  }
}
