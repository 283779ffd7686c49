package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resource.ResourceNameParser;
import org.jspecify.annotations.Nullable;

/** A resource's files as migrations, each under a name that Flyway understands. */
public final class MigrationScripts implements ResourceProvider {
  private static final String CONFIGURATION = ".conf";
  private static final String UNDO_PREFIX = "U";
  private static final String BASELINE_PREFIX = "B";

  /** Flyway puts these names into SQL between quotes that it does not double. */
  private static final Pattern UNQUOTABLE = Pattern.compile("[\"'$;\\\\\\p{Cntrl}]");

  /** Flyway hands files with these suffixes to a shell. */
  private static final Set<String> COMMANDS = Set.of(".bat", ".cmd", ".ps1", ".sh", ".bash", ".py");

  private final Map<String, Script> scripts = new TreeMap<>();
  private final Map<String, Script> configurations = new HashMap<>();

  private MigrationScripts() {}

  /** Throws {@link InvalidScripts} that names every file which is no migration. */
  public static MigrationScripts of(ScriptSet files, FlywaySettings settings)
      throws InvalidScripts {
    var scripts = new MigrationScripts();
    var byName = uniqueNames(files);
    var names = new Names(settings);
    for (var file : byName.values()) {
      names.check(file, byName);
      if (names.isScript(file.name())) {
        var configuration = byName.get(file.name() + CONFIGURATION);
        scripts.scripts.put(file.name(), new Script(file, configuration));
      } else if (file.name().endsWith(CONFIGURATION)) {
        scripts.configurations.put(file.name(), new Script(file, null));
      }
    }
    scripts.scripts.values().forEach(names::checkContent);
    names.throwWhatIsWrong();
    return scripts;
  }

  /** Digest of a script and its configuration; null where there is no such script. */
  @Nullable String contentDigest(String name) {
    var script = scripts.get(name);
    return script == null ? null : script.contentDigest();
  }

  @Override
  @SuppressWarnings(
      "NullAway") // Flyway's interface knows no annotations; null is its answer for no such file.
  public LoadableResource getResource(String name) {
    return configurations.get(name);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    var found = new ArrayList<LoadableResource>();
    for (var script : scripts.values()) {
      if (script.getFilename().startsWith(prefix)
          && endsWithAny(script.getFilename(), List.of(suffixes))) {
        found.add(script);
      }
    }
    return found;
  }

  private static Map<String, ScriptFile> uniqueNames(ScriptSet files) throws InvalidScripts {
    var byName = new TreeMap<String, ScriptFile>();
    for (var file : files.files()) {
      if (byName.put(file.name(), file) != null) {
        throw new InvalidScripts(file.name() + " is in more than one ConfigMap");
      }
    }
    return byName;
  }

  private static boolean endsWithAny(String name, List<String> suffixes) {
    return suffixes.stream().anyMatch(name::endsWith);
  }

  /** The check of all names, which gathers what is wrong with any. */
  private static final class Names {
    private final FlywaySettings settings;
    private final ResourceNameParser parser;
    private final Map<String, String> repeatable = new HashMap<>();
    private final Map<MigrationVersion, String> versioned = new TreeMap<>();
    private final Map<MigrationVersion, String> baselines = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    Names(FlywaySettings settings) {
      this.settings = settings;
      parser =
          new ResourceNameParser(FlywayConfiguration.naming(new FluentConfiguration(), settings));
      settings.sqlMigrationSuffixes().stream()
          .filter(COMMANDS::contains)
          .forEach(suffix -> wrong.add("the suffix " + suffix + " is a command's, not SQL's"));
      Stream.concat(Stream.of(settings.table()), settings.schemas().stream())
          .forEach(this::checkQuotable);
      if (settings.defaultSchema() != null) {
        checkQuotable(settings.defaultSchema());
      }
    }

    private void checkQuotable(String name) {
      if (UNQUOTABLE.matcher(name).find()) {
        wrong.add(
            "the schema's or history table's name %s has a quote, $, ; or \\ in it"
                .formatted(name));
      }
    }

    boolean isScript(String name) {
      return endsWithAny(name, settings.sqlMigrationSuffixes()) && !isUndo(name);
    }

    void check(ScriptFile file, Map<String, ScriptFile> all) {
      var name = file.name();
      if (name.endsWith(CONFIGURATION)) {
        var script = name.substring(0, name.length() - CONFIGURATION.length());
        if (!all.containsKey(script)) {
          wrong.add("%s configures %s, which is not there".formatted(name, script));
        }
      } else if (!endsWithAny(name, settings.sqlMigrationSuffixes())) {
        wrong.add(
            "%s has none of the suffixes %s"
                .formatted(name, String.join(", ", settings.sqlMigrationSuffixes())));
      } else if (!isUndo(name)) {
        checkScript(name);
      }
    }

    void checkContent(Script script) {
      if (script.isBlank()) {
        wrong.add(script.getFilename() + " is empty");
      }
    }

    void throwWhatIsWrong() throws InvalidScripts {
      if (!wrong.isEmpty()) {
        throw new InvalidScripts(String.join("; ", wrong));
      }
    }

    private void checkScript(String name) {
      var parsed = parser.parse(name);
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

    private <K> void unique(Map<K, String> firstOf, K key, String name, String what) {
      var first = firstOf.putIfAbsent(key, name);
      if (first != null) {
        wrong.add("%s and %s have the same %s".formatted(first, name, what));
      }
    }

    private String misnamed(String name) {
      return "%s is named neither like %s1%sdescription%s nor like %s%sdescription%s"
          .formatted(
              name,
              settings.sqlMigrationPrefix(),
              settings.sqlMigrationSeparator(),
              settings.sqlMigrationSuffixes().getFirst(),
              settings.repeatableSqlMigrationPrefix(),
              settings.sqlMigrationSeparator(),
              settings.sqlMigrationSuffixes().getFirst());
    }

    /** Undo scripts are another tool's, unless this prefix is the user's own choice. */
    private boolean isUndo(String name) {
      return name.startsWith(UNDO_PREFIX)
          && !settings.sqlMigrationPrefix().startsWith(UNDO_PREFIX)
          && !settings.repeatableSqlMigrationPrefix().startsWith(UNDO_PREFIX);
    }
  }
}
