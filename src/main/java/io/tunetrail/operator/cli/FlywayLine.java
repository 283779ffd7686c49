package io.tunetrail.operator.cli;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptListing;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's versions, one after the other.
 *
 * @param versions of the scripts, in order
 * @param current what the database has; null before the first
 */
record FlywayLine(List<MigrationVersion> versions, @Nullable MigrationVersion current)
    implements VersionLine {
  private static final String LATEST = "latest";
  private static final Pattern VERSION = Pattern.compile("\\d+([._]\\d+)*");

  /** From the names of the files in the ConfigMaps; what is no versioned script is passed over. */
  static FlywayLine of(
      Collection<String> files, FlywaySettings settings, @Nullable String current) {
    return of(
        files.stream().map(file -> version(file, settings)).flatMap(Optional::stream), current);
  }

  /** From what the image told of its scripts. */
  static FlywayLine of(ScriptListing listing, @Nullable String current) {
    return of(
        listing.files().stream()
            .filter(it -> it.kind() == ScriptListing.Kind.VERSIONED)
            .map(it -> MigrationVersion.fromVersion(it.version())),
        current);
  }

  private static FlywayLine of(Stream<MigrationVersion> versions, @Nullable String current) {
    return new FlywayLine(
        versions.distinct().sorted().toList(),
        current == null ? null : MigrationVersion.fromVersion(current));
  }

  private static Optional<MigrationVersion> version(String file, FlywaySettings settings) {
    var prefix = settings.sqlMigrationPrefix();
    int end = file.indexOf(settings.sqlMigrationSeparator());
    boolean named =
        file.startsWith(prefix)
            && end >= prefix.length()
            && settings.sqlMigrationSuffixes().stream().anyMatch(file::endsWith)
            && VERSION.matcher(file.substring(prefix.length(), end)).matches();
    return named
        ? Optional.of(MigrationVersion.fromVersion(file.substring(prefix.length(), end)))
        : Optional.empty();
  }

  @Override
  public Answer resolve(TargetRequest request) {
    return switch (request) {
      case TargetRequest.Relative(String branch, int steps) when branch != null ->
          new Answer.Refused("Flyway has no branches; leave %s@ out: %+d".formatted(branch, steps));
      case TargetRequest.Relative(_, int steps) when steps == 0 -> stay();
      case TargetRequest.Relative(_, int steps) ->
          steps < 0 ? stepped(before(), -steps, "before") : stepped(after(), steps, "after");
      case TargetRequest.Named(String version) -> named(version);
    };
  }

  private Answer stay() {
    return current == null
        ? new Answer.Refused("the database has no version yet; name the one it should have")
        : found(current.getVersion(), current);
  }

  private Answer stepped(List<MigrationVersion> way, int steps, String where) {
    if (steps > way.size()) {
      return new Answer.Refused(
          "%d steps are too many; the versions %s %s: %s"
              .formatted(steps, where, shown(current), shown(way)));
    }
    var version = way.get(steps - 1);
    return found(version.getVersion(), version);
  }

  private Answer named(String version) {
    if (version.equals(LATEST)) {
      return versions.isEmpty()
          ? new Answer.Refused("there is no versioned script")
          : found(LATEST, versions.getLast());
    }
    if (!VERSION.matcher(version).matches()) {
      return new Answer.Refused(
          "%s is no version; Flyway's are numbers separated by dots or underscores, here: %s"
              .formatted(version, shown(versions)));
    }
    var meant = MigrationVersion.fromVersion(version);
    return versions.contains(meant) || meant.equals(current)
        ? found(version, meant)
        : new Answer.Refused(
            "no script has version %s; there are: %s".formatted(version, shown(versions)));
  }

  private Answer found(String target, MigrationVersion meant) {
    var undone = had().stream().filter(it -> it.compareTo(meant) > 0).toList();
    var applied = after().stream().filter(it -> it.compareTo(meant) <= 0).toList();
    var from = current == null ? null : current.getVersion();
    return new Answer.Found(
        new Move(from, target, meant.getVersion(), texts(undone), texts(applied)));
  }

  private List<MigrationVersion> after() {
    return versions.stream().filter(this::isAhead).toList();
  }

  private List<MigrationVersion> before() {
    return had().stream().filter(it -> !it.equals(current)).toList();
  }

  /** What the database went through, newest first; it may be at a version that has no script. */
  private List<MigrationVersion> had() {
    return Stream.concat(versions.stream().filter(it -> !isAhead(it)), Stream.ofNullable(current))
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private boolean isAhead(MigrationVersion version) {
    return current == null || version.compareTo(current) > 0;
  }

  private static String shown(@Nullable MigrationVersion version) {
    return version == null ? "none" : version.getVersion();
  }

  private static String shown(List<MigrationVersion> versions) {
    return versions.isEmpty() ? "none" : String.join(", ", texts(versions));
  }

  private static List<String> texts(List<MigrationVersion> versions) {
    return versions.stream().map(it -> Objects.requireNonNull(it.getVersion())).toList();
  }
}
