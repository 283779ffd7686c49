package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.resource.ResourceName;
import org.flywaydb.core.internal.resource.ResourceNameParser;
import org.jspecify.annotations.Nullable;

/** The check of all names, which gathers what is wrong with any. */
final class ScriptNames {
  /** Flyway's own for scripts that take a version back; its community edition reads none. */
  static final String UNDO_PREFIX = "U";

  private static final String BASELINE_PREFIX = "B";

  /** Flyway puts these names into SQL between quotes that it does not double. */
  private static final Pattern UNQUOTABLE = Pattern.compile("[\"'$;\\\\\\p{Cntrl}]");

  /** Flyway hands files with these suffixes to a shell. */
  private static final Set<String> COMMANDS = Set.of(".bat", ".cmd", ".ps1", ".sh", ".bash", ".py");

  private final FlywaySettings settings;
  private final ResourceNameParser parser;
  private final ResourceNameParser undoParser;
  private final Map<String, String> repeatable = new HashMap<>();
  private final Map<MigrationVersion, String> versioned = new TreeMap<>();
  private final Map<MigrationVersion, String> baselines = new TreeMap<>();
  private final Map<MigrationVersion, String> undos = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();

  ScriptNames(FlywaySettings settings) {
    this.settings = settings;
    parser =
        new ResourceNameParser(FlywayConfiguration.naming(new FluentConfiguration(), settings));
    undoParser =
        new ResourceNameParser(
            FlywayConfiguration.naming(new FluentConfiguration(), settings)
                .sqlMigrationPrefix(UNDO_PREFIX));
    settings.sqlMigrationSuffixes().stream()
        .filter(COMMANDS::contains)
        .forEach(suffix -> wrong.add("the suffix " + suffix + " is a command's, not SQL's"));
    Stream.concat(Stream.of(settings.table()), settings.schemas().stream())
        .forEach(this::checkQuotable);
    if (settings.defaultSchema() != null) {
      checkQuotable(settings.defaultSchema());
    }
  }

  static boolean isConfiguration(String name) {
    return name.endsWith(FlywaySettings.CONFIGURATION);
  }

  /** The name of the file that configures a script. */
  static String configurationOf(String script) {
    return script + FlywaySettings.CONFIGURATION;
  }

  static boolean endsWithAny(String name, List<String> suffixes) {
    return suffixes.stream().anyMatch(name::endsWith);
  }

  boolean isScript(ScriptFile file) {
    return endsWithAny(file.name(), settings.sqlMigrationSuffixes())
        && !hasUndoPrefix(file.fileName());
  }

  /** Of a script that was checked. */
  ResourceName parsed(String fileName) {
    return parser.parse(fileName);
  }

  Kind kind(ResourceName parsed) {
    if (parsed.getPrefix().equals(settings.repeatableSqlMigrationPrefix())) {
      return Kind.REPEATABLE;
    }
    return parsed.getPrefix().equals(settings.sqlMigrationPrefix())
        ? Kind.VERSIONED
        : Kind.BASELINE;
  }

  /** The version that a script takes back; null for any other file. */
  @Nullable MigrationVersion undoVersion(ScriptFile file) {
    if (!endsWithAny(file.name(), settings.sqlMigrationSuffixes())
        || !hasUndoPrefix(file.fileName())) {
      return null;
    }
    var parsed = undoParser.parse(file.fileName());
    return parsed.isValid() && parsed.getPrefix().equals(UNDO_PREFIX) ? parsed.getVersion() : null;
  }

  void check(ScriptFile file, Map<String, ScriptFile> all) {
    var name = file.name();
    if (isConfiguration(name)) {
      var script = name.substring(0, name.length() - FlywaySettings.CONFIGURATION.length());
      if (!all.containsKey(script)) {
        wrong.add("%s configures %s, which is not there".formatted(name, script));
      }
    } else if (!endsWithAny(name, settings.sqlMigrationSuffixes())) {
      wrong.add(
          "%s has none of the suffixes %s"
              .formatted(name, String.join(", ", settings.sqlMigrationSuffixes())));
    } else if (hasUndoPrefix(file.fileName())) {
      checkUndo(file);
    } else {
      checkScript(file);
    }
  }

  void checkContent(Script script) {
    if (script.isBlank()) {
      wrong.add(script.getRelativePath() + " is empty");
    }
  }

  /** Names the scripts that can never run, once every name was checked. */
  void checkUndos() {
    undos.forEach(
        (version, name) -> {
          if (!versioned.containsKey(version)) {
            wrong.add("%s takes back version %s, which no script has".formatted(name, version));
          }
        });
  }

  void throwWhatIsWrong() throws InvalidScripts {
    if (!wrong.isEmpty()) {
      throw new InvalidScripts(String.join("; ", wrong));
    }
  }

  private void checkQuotable(String name) {
    if (UNQUOTABLE.matcher(name).find()) {
      wrong.add(
          "the schema's or history table's name %s has a quote, $, ; or \\ in it".formatted(name));
    }
  }

  private void checkScript(ScriptFile file) {
    var name = file.name();
    var parsed = parser.parse(file.fileName());
    var prefix = parsed.isValid() ? parsed.getPrefix() : "";
    if (parsed.isValid() && prefix.equals(settings.repeatableSqlMigrationPrefix())) {
      unique(repeatable, parsed.getDescription(), name, "description");
    } else if (parsed.isValid() && prefix.equals(settings.sqlMigrationPrefix())) {
      unique(versioned, parsed.getVersion(), name, "version");
    } else if (prefix.equals(BASELINE_PREFIX)) {
      unique(baselines, parsed.getVersion(), name, "version");
    } else {
      wrong.add(misnamed(name));
    }
  }

  private void checkUndo(ScriptFile file) {
    var name = file.name();
    var version = undoVersion(file);
    if (version == null) {
      wrong.add("%s is not named like %s".formatted(name, versionedExample(UNDO_PREFIX)));
    } else {
      unique(undos, version, name, "version");
    }
  }

  private <K> void unique(Map<K, String> firstOf, K key, String name, String what) {
    var first = firstOf.putIfAbsent(key, name);
    if (first != null) {
      wrong.add("%s and %s have the same %s".formatted(first, name, what));
    }
  }

  private String misnamed(String name) {
    return "%s is named neither like %s nor like %s%sdescription%s"
        .formatted(
            name,
            versionedExample(settings.sqlMigrationPrefix()),
            settings.repeatableSqlMigrationPrefix(),
            settings.sqlMigrationSeparator(),
            settings.sqlMigrationSuffixes().getFirst());
  }

  private String versionedExample(String prefix) {
    return "%s1%sdescription%s"
        .formatted(
            prefix, settings.sqlMigrationSeparator(), settings.sqlMigrationSuffixes().getFirst());
  }

  /** Flyway's own prefix, unless one that the user chose begins with it. */
  private boolean hasUndoPrefix(String name) {
    return name.startsWith(UNDO_PREFIX)
        && !settings.sqlMigrationPrefix().startsWith(UNDO_PREFIX)
        && !settings.repeatableSqlMigrationPrefix().startsWith(UNDO_PREFIX);
  }
}
