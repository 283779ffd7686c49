package io.tunetrail.operator.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.database.ObjectName;
import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.SchemaLook;
import io.tunetrail.operator.database.TableDescription;
import io.tunetrail.operator.engine.LogFrame;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a Job was told of a database, in its container's log. */
public final class ExamineFrame {
  private static final String ROLE = "tunetrail-role";
  private static final String SCHEMA = "tunetrail-schema";

  private ExamineFrame() {}

  /**
   * What is to be known of a role.
   *
   * @param at when it was asked, by the clock of the Job's node
   */
  public record Role(RoleLook.Answer answer, Instant at) {}

  private record Refusal(String detail, @Nullable String remedy) {}

  /**
   * A role as JSON has it.
   *
   * @param at RFC 3339
   * @param found null where it was refused
   */
  private record RoleJson(String at, @Nullable Refusal refusal, RoleLook.@Nullable Found found) {}

  private record Table(String schema, String name, TableDescription table) {}

  private record Enumeration(String schema, String name, List<String> values) {}

  /**
   * What schemas hold, as JSON has it, whose objects have no names of two parts.
   *
   * @param schemas null where it was refused, as are the lists
   */
  private record SchemaJson(
      @Nullable Refusal refusal,
      @Nullable Set<String> schemas,
      @Nullable List<Table> tables,
      @Nullable List<Enumeration> enumerations) {}

  static List<String> lines(RoleLook.Answer answer, Instant at) {
    var json =
        switch (answer) {
          case RoleLook.Answer.Told(var found) -> new RoleJson(at.toString(), null, found);
          case RoleLook.Answer.Refused(var detail, var remedy) ->
              new RoleJson(at.toString(), new Refusal(detail, remedy), null);
        };
    return LogFrame.lines(text(json), ROLE);
  }

  static List<String> lines(SchemaLook.Answer answer) {
    var json =
        switch (answer) {
          case SchemaLook.Answer.Told(var schema) -> json(schema);
          case SchemaLook.Answer.Refused(var detail) ->
              new SchemaJson(new Refusal(detail, null), null, null, null);
        };
    return LogFrame.lines(text(json), SCHEMA);
  }

  private static SchemaJson json(SchemaDescription schema) {
    return new SchemaJson(
        null,
        schema.schemas(),
        schema.tables().entrySet().stream()
            .map(it -> new Table(it.getKey().schema(), it.getKey().name(), it.getValue()))
            .toList(),
        schema.enumerations().entrySet().stream()
            .map(it -> new Enumeration(it.getKey().schema(), it.getKey().name(), it.getValue()))
            .toList());
  }

  /** The last of a role in the log; empty where there is none, or not all of it. */
  public static Optional<Role> role(String log) {
    return LogFrame.parse(log, ROLE)
        .flatMap(it -> read(it, RoleJson.class))
        .flatMap(ExamineFrame::role);
  }

  private static Optional<Role> role(RoleJson json) {
    var at = Instant.parse(json.at());
    if (json.refusal() != null) {
      var remedy = Objects.requireNonNullElse(json.refusal().remedy(), "");
      return Optional.of(
          new Role(new RoleLook.Answer.Refused(json.refusal().detail(), remedy), at));
    }
    return Optional.ofNullable(json.found()).map(it -> new Role(new RoleLook.Answer.Told(it), at));
  }

  /** The last of a schema in the log; likewise. */
  public static Optional<SchemaLook.Answer> schema(String log) {
    return LogFrame.parse(log, SCHEMA)
        .flatMap(it -> read(it, SchemaJson.class))
        .map(ExamineFrame::schema);
  }

  private static SchemaLook.Answer schema(SchemaJson json) {
    if (json.refusal() != null) {
      return new SchemaLook.Answer.Refused(json.refusal().detail());
    }
    return new SchemaLook.Answer.Told(
        new SchemaDescription(
            new TreeSet<>(Objects.requireNonNullElse(json.schemas(), Set.<String>of())),
            named(
                Objects.requireNonNullElse(json.tables(), List.<Table>of()),
                it -> new ObjectName(it.schema(), it.name()),
                it -> ordered(it.table())),
            named(
                Objects.requireNonNullElse(json.enumerations(), List.<Enumeration>of()),
                it -> new ObjectName(it.schema(), it.name()),
                Enumeration::values)));
  }

  private static <T, V> SortedMap<ObjectName, V> named(
      List<T> all, Function<T, ObjectName> name, Function<T, V> value) {
    return all.stream()
        .collect(Collectors.toMap(name, value, (_, last) -> last, TreeMap<ObjectName, V>::new));
  }

  private static TableDescription ordered(TableDescription table) {
    return new TableDescription(
        table.kind(),
        new LinkedHashMap<>(table.columns()),
        new TreeSet<>(table.constraints()),
        new TreeSet<>(table.indexes()));
  }

  private static String text(Object json) {
    try {
      return Json.MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts are always JSON", e);
    }
  }

  private static <T> Optional<T> read(String json, Class<T> type) {
    try {
      return Optional.of(Json.MAPPER.readValue(json, type));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
