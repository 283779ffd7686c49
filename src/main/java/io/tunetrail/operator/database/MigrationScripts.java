package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import io.tunetrail.operator.engine.ScriptListing.Listed;
import io.tunetrail.operator.engine.ScriptSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resolver.ChecksumCalculator;
import org.jspecify.annotations.Nullable;

/**
 * A resource's files as migrations, each under a name that Flyway understands, and the scripts that
 * take them back, which Flyway does not look for.
 */
public final class MigrationScripts implements ResourceProvider {
  private final Map<String, Script> scripts = new TreeMap<>();
  private final Map<MigrationVersion, Script> undos = new TreeMap<>();
  private final Map<String, Script> configurations = new HashMap<>();
  private final ScriptSet files;
  private final ScriptNames names;

  private MigrationScripts(ScriptSet files, ScriptNames names) {
    this.files = files;
    this.names = names;
  }

  /** Throws {@link InvalidScripts} that names every file which is no migration. */
  public static MigrationScripts of(ScriptSet files, FlywaySettings settings)
      throws InvalidScripts {
    var byName = uniqueNames(files);
    var names = new ScriptNames(settings);
    var scripts = new MigrationScripts(files, names);
    for (var file : byName.values()) {
      names.check(file, byName);
      scripts.add(file, byName.get(ScriptNames.configurationOf(file.name())));
    }
    names.checkUndos();
    scripts.scripts.values().forEach(names::checkContent);
    scripts.undos.values().forEach(names::checkContent);
    names.throwWhatIsWrong();
    return scripts;
  }

  private void add(ScriptFile file, @Nullable ScriptFile configuration) {
    var undone = names.undoVersion(file);
    if (undone != null) {
      undos.put(undone, new Script(file, configuration));
    } else if (names.isScript(file)) {
      scripts.put(file.name(), new Script(file, configuration));
    } else if (ScriptNames.isConfiguration(file.name())) {
      configurations.put(file.name(), new Script(file, null));
    }
  }

  /** What is to be known of them without their SQL. */
  public ScriptListing listing() {
    var listed = new ArrayList<Listed>();
    scripts.values().forEach(script -> listed.add(listed(script)));
    undos.forEach((version, script) -> listed.add(listed(script, version)));
    return new ScriptListing(List.copyOf(listed), files.digest());
  }

  private Listed listed(Script script) {
    var name = names.parsed(script.getFilename());
    var kind = names.kind(name);
    return new Listed(
        script.getRelativePath(),
        kind,
        name.getVersion() == null ? null : name.getVersion().getVersion(),
        name.getDescription(),
        ChecksumCalculator.calculate(script),
        script.contentDigest(),
        script.configuration(),
        kind == Kind.REPEATABLE && script.mentionsPlaceholder() ? script.content() : null);
  }

  private static Listed listed(Script script, MigrationVersion undone) {
    return new Listed(
        script.getRelativePath(),
        Kind.UNDO,
        undone.getVersion(),
        "",
        ChecksumCalculator.calculate(script),
        script.contentDigest(),
        script.configuration(),
        null);
  }

  /** A migration by its file's name; null where there is none. */
  @Nullable Script script(String name) {
    return scripts.get(name);
  }

  /** The script that takes a version back; null where there is none. */
  @Nullable Script undo(MigrationVersion version) {
    return undos.get(version);
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
          && ScriptNames.endsWithAny(script.getFilename(), List.of(suffixes))) {
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
}
