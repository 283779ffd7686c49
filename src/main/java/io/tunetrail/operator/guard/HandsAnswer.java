package io.tunetrail.operator.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How a command ended.
 *
 * @param exitCode negative: the number of the signal that ended it
 * @param output the end of what it said
 * @param scriptsChanged whether nothing ran, because the image holds other revisions
 * @param interrupted whether the pod was told to end meanwhile
 */
record HandsAnswer(int exitCode, String output, boolean scriptsChanged, boolean interrupted) {

  static HandsAnswer parse(String json) {
    try {
      var answer = Json.MAPPER.readTree(json);
      return new HandsAnswer(
          answer.path("exitCode").asInt(),
          answer.path("output").asText(),
          answer.path("scriptsChanged").asBoolean(),
          answer.path("interrupted").asBoolean());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the hands' answer is no JSON", e);
    }
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
