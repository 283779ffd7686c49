package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;

/**
 * The files that a command made in an image, as they come back in its container's log.
 *
 * @param files none where there was nothing to make
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MadeFiles(List<MadeFile> files) {

  /**
   * One file.
   *
   * @param path relative to the project's folder
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record MadeFile(String path, String text) {}

  /** What the log holds; empty where it holds nothing, or not all of it. */
  public static Optional<MadeFiles> parse(String log) {
    return LogFrame.parse(log, "tunetrail-files").flatMap(MadeFiles::read);
  }

  private static Optional<MadeFiles> read(String json) {
    try {
      return Optional.of(Json.MAPPER.readValue(json, MadeFiles.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
