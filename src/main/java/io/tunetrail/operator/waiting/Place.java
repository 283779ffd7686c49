package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.EngineHistory;
import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.database.VersionHistory.SchemaVersions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One history as it counts: an engine's own, or what the newest finished work left where the role
 * may read no engine's.
 *
 * @param table the engine's; null: it is tunetrail.history
 * @param version null: there is none
 * @param versions all that are known to be there
 * @param baselines of them, below which every number counts as well
 * @param whole whether no other version can be there
 * @param work the newest that finished on the schema; null: none did
 */
record Place(
    String schema,
    @Nullable String table,
    @Nullable String version,
    List<String> versions,
    List<String> baselines,
    boolean whole,
    @Nullable SchemaVersions work) {

  /** The places of all schemas; a schema has several where several engines work on it. */
  static List<Place> of(Answer.Recorded recorded) {
    var places = new ArrayList<Place>();
    for (var engine : recorded.engines()) {
      var work = work(recorded, engine.schema());
      switch (engine) {
        case EngineHistory.Flyway flyway -> places.add(of(flyway, work));
        case EngineHistory.Alembic alembic -> places.add(of(alembic, work));
        case EngineHistory.Unreadable _ -> {} // what tunetrail.history says counts
      }
    }
    var seen = places.stream().map(Place::schema).toList();
    recorded.schemas().stream()
        .filter(it -> !seen.contains(it.schema()))
        .map(Place::of)
        .forEach(places::add);
    places.sort(Comparator.comparing(Place::schema));
    return places;
  }

  private static @Nullable SchemaVersions work(Answer.Recorded recorded, String schema) {
    return recorded.schemas().stream()
        .filter(it -> it.schema().equals(schema))
        .findFirst()
        .orElse(null);
  }

  private static Place of(EngineHistory.Flyway flyway, @Nullable SchemaVersions work) {
    return new Place(
        flyway.schema(),
        flyway.table(),
        Versions.highest(flyway.versions()),
        flyway.versions(),
        flyway.baselines(),
        true,
        work);
  }

  /**
   * What a work left is there as long as all that it ended at is; one branch's descent says nothing
   * of another's.
   */
  private static Place of(EngineHistory.Alembic alembic, @Nullable SchemaVersions work) {
    var versions = new LinkedHashSet<>(alembic.revisions());
    var known = new HashSet<String>();
    for (var ended : alembic.works()) {
      var revisions = ended(ended).toList();
      if (alembic.revisions().containsAll(revisions)) {
        known.addAll(revisions);
        versions.addAll(ended.ancestors());
      }
    }
    return new Place(
        alembic.schema(),
        alembic.table(),
        alembic.revisions().isEmpty() ? null : String.join(",", alembic.revisions()),
        List.copyOf(versions),
        List.of(),
        known.containsAll(alembic.revisions()),
        work);
  }

  private static Place of(SchemaVersions work) {
    var baseline = work.baseline();
    return new Place(
        work.schema(),
        null,
        work.version(),
        work.ancestors(),
        baseline != null && work.ancestors().contains(baseline) ? List.of(baseline) : List.of(),
        true,
        work);
  }

  private static Stream<String> ended(SchemaVersions work) {
    return work.version() == null ? Stream.empty() : Stream.of(work.version().split(","));
  }

  /** Those that this can mean: itself, or the revisions that begin so. */
  List<String> matches(String wanted) {
    return Versions.matches(wanted, versions);
  }

  /** The baseline that comes after it; null where there is none. */
  @Nullable String baselineAfter(String wanted) {
    return baselines.stream().filter(it -> Versions.precedes(wanted, it)).findFirst().orElse(null);
  }

  /** How far it is. */
  String state() {
    var said = Objects.requireNonNullElse(version, "no version") + source();
    return work == null || work.outcome().equals("Done")
        ? said
        : said + ", the last work says " + work.outcome();
  }

  /** How far it is, and why what should be there may not seem to be. */
  String doubts() {
    return state() + (whole ? "" : ", no work has recorded what came before") + left();
  }

  private String left() {
    if (table == null || work == null) {
      return "";
    }
    return ended(work).allMatch(it -> Versions.contain(versions, it))
        ? ""
        : ", the last work left it at " + work.version();
  }

  /** The table, if it is an engine's, as a supplement. */
  String source() {
    return table == null ? "" : " (%s)".formatted(table);
  }
}
