package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of Flyway's scripts without their SQL: enough to say what is pending, changed
 * or gone, by Flyway's own rules.
 *
 * @param files the scripts, by name
 * @param scripts digest of all files, as {@link ScriptSet#digest} makes it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ScriptListing(List<Listed> files, String scripts) implements ImageContent, Scripts {

  /** How Flyway takes a script. */
  public enum Kind {
    VERSIONED,
    REPEATABLE,
    BASELINE,
    UNDO
  }

  /**
   * One script.
   *
   * @param name the file's, with the folders before it
   * @param version null for a repeatable one
   * @param checksum Flyway's, of the text as it stands
   * @param digest of the text and its configuration
   * @param configuration the text of the {@code .conf} file beside it; null where there is none
   * @param text of a script whose checksum depends on placeholders; null for any other
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Listed(
      String name,
      Kind kind,
      @Nullable String version,
      String description,
      int checksum,
      String digest,
      @Nullable String configuration,
      @Nullable String text) {}

  /** Reads what {@link #toJson} wrote; throws {@link IllegalArgumentException} for other texts. */
  public static ScriptListing parse(String json) {
    try {
      return Json.MAPPER.readValue(json, ScriptListing.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a listing of scripts: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  @Override
  public String digest() {
    return scripts;
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
