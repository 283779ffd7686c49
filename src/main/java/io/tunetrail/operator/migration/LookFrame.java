package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.engine.LogFrame;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.util.List;
import java.util.Optional;

/**
 * What a Job saw of a database, in its container's log: the migrations of a schema are more than a
 * termination message holds.
 */
public final class LookFrame {
  private static final String NAME = "tunetrail-look";

  private LookFrame() {}

  /** The lines of the log. */
  static List<String> lines(Look.Taken look) {
    return LogFrame.lines(LookJson.of(look), NAME);
  }

  /** The last look in the log; empty where there is none, not all of it, or another program's. */
  public static Optional<Look.Taken> parse(String log) {
    return LogFrame.parse(log, NAME).flatMap(LookFrame::read);
  }

  private static Optional<Look.Taken> read(String json) {
    try {
      return Optional.of(Reader.JSON.readValue(json, Look.Taken.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The operator's side; every field must be there, be it null. */
  private static final class Reader {
    static final JsonMapper JSON =
        JsonMapper.builder()
            .addMixIn(Look.Taken.class, LookTypes.class)
            .addMixIn(SchemaState.class, SchemaTypes.class)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Look.Seen.class, name = LookJson.SEEN),
    @JsonSubTypes.Type(value = Look.Unseen.class, name = LookJson.UNSEEN)
  })
  private interface LookTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = SchemaState.CreateAll.class, name = LookJson.CREATE_ALL),
    @JsonSubTypes.Type(value = SchemaState.Flyway.class, name = LookJson.FLYWAY),
    @JsonSubTypes.Type(value = SchemaState.Alembic.class, name = LookJson.ALEMBIC),
    @JsonSubTypes.Type(value = SchemaState.Unreadable.class, name = LookJson.UNREADABLE)
  })
  private interface SchemaTypes {}
}
