package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ConfigMaps that hold a resource's SQL, in order; none where an image holds it. */
public final class ScriptSources {
  private ScriptSources() {}

  /** What makes the schema. */
  public static List<LocalReference> ofSchema(TuneTrailDatabase resource, Desired desired) {
    var schema = resource.getSpec().schema();
    return switch (desired.method()) {
      case CREATE_ALL -> orNone(Objects.requireNonNull(schema.createAll()).configMaps());
      case FLYWAY -> orNone(Objects.requireNonNull(schema.flyway()).configMaps());
      case ALEMBIC -> List.of();
    };
  }

  /** What makes the fixtures. */
  public static List<LocalReference> ofSeed(TuneTrailDatabase resource) {
    var seed = resource.getSpec().seed();
    return seed == null ? List.of() : orNone(seed.configMaps());
  }

  /** What a Job for this task finds mounted. */
  static List<LocalReference> of(TuneTrailDatabase resource, Desired desired, Task task) {
    if (task == Task.EXAMINE
        || task == Task.BACKUP
        || task == Task.VERIFY
        || task == Task.RESTORE) {
      return List.of();
    }
    return task == Task.SEED ? ofSeed(resource) : ofSchema(resource, desired);
  }

  /** All of them: a change to any is a change to the resource. */
  public static List<LocalReference> all(TuneTrailDatabase resource) {
    return Stream.concat(
            ofSchema(resource, Desired.from(resource)).stream(), ofSeed(resource).stream())
        .toList();
  }

  private static List<LocalReference> orNone(@Nullable List<LocalReference> configMaps) {
    return configMaps == null ? List.of() : configMaps;
  }
}
