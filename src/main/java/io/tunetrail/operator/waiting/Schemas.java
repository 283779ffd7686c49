package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.EngineHistory;
import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.waiting.Arrival.Arrived;
import io.tunetrail.operator.waiting.Arrival.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schemas in which a version may be.
 *
 * @param places in them
 * @param named the one that counts; null: all do
 * @param unreadable histories of engines in them
 */
record Schemas(
    List<Place> places, @Nullable String named, List<EngineHistory.Unreadable> unreadable) {
  private static final int MOST_LISTED = 5;

  static Schemas of(Answer.Recorded recorded, @Nullable String named) {
    return new Schemas(
        Place.of(recorded).stream()
            .filter(it -> named == null || it.schema().equals(named))
            .toList(),
        named,
        recorded.engines().stream()
            .filter(EngineHistory.Unreadable.class::isInstance)
            .map(EngineHistory.Unreadable.class::cast)
            .filter(it -> named == null || it.schema().equals(named))
            .toList());
  }

  /** Whether there is this Flyway version, or this Alembic revision or the one that begins so. */
  Arrival find(String wanted) {
    var candidates = new ArrayList<String>();
    for (var place : places) {
      var found = place.matches(wanted);
      if (found.size() == 1) {
        return new Arrived(arrived(wanted, found.getFirst(), place));
      }
      candidates.addAll(found);
    }
    return candidates.isEmpty()
        ? belowBaseline(wanted)
        : new Missing("several revisions begin so: " + listed(candidates.stream()));
  }

  /** Of what came before a baseline no history tells. */
  private Arrival belowBaseline(String wanted) {
    for (var place : places) {
      var baseline = place.baselineAfter(wanted);
      if (baseline != null) {
        return new Arrived(arrived(wanted, wanted, place) + ", below the baseline " + baseline);
      }
    }
    return new Missing(state(Place::doubts));
  }

  /** Whether there is a version at all. */
  Arrival any() {
    return places.stream().allMatch(it -> it.versions().isEmpty())
        ? new Missing(state(Place::doubts))
        : new Arrived(state(Place::state));
  }

  private String arrived(String wanted, String version, Place place) {
    var whole = Versions.isNumeric(version) ? wanted : version;
    return "version %s is there%s%s"
        .formatted(whole, places.size() > 1 ? " in schema " + place.schema() : "", place.source());
  }

  /** How far the schemas are. */
  private String state(Function<Place, String> words) {
    return switch (places.size()) {
      case 0 -> nothing();
      case 1 -> "the database is at " + words.apply(places.getFirst());
      default ->
          listed(
              places.stream()
                  .map(it -> "schema %s is at %s".formatted(it.schema(), words.apply(it))));
    };
  }

  private String nothing() {
    var none =
        named == null
            ? "no work has brought a version yet"
            : "no work has brought a version to schema %s yet".formatted(named);
    if (unreadable.isEmpty()) {
      return none;
    }
    var first = unreadable.getFirst();
    return "%s, and %s in schema %s may not be read. As its owner run: %s"
        .formatted(none, first.table(), first.schema(), first.grant());
  }

  private static String listed(Stream<String> words) {
    var listed = words.limit(MOST_LISTED + 1L).toList();
    return listed.stream().limit(MOST_LISTED).collect(Collectors.joining(", "))
        + (listed.size() > MOST_LISTED ? ", …" : "");
  }
}
