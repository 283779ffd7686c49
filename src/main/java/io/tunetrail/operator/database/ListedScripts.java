package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import io.tunetrail.operator.engine.ScriptListing.Listed;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.migration.baseline.BaselineResolvedMigration;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resolver.ResolvedMigrationImpl;
import org.flywaydb.core.internal.resolver.sql.SqlMigrationExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Migrations as Flyway compares them with its history, from what is listed of them. Those whose
 * text is kept Flyway reads itself, because their checksum depends on what it replaces in them.
 */
final class ListedScripts implements ResourceProvider, MigrationResolver {
  private final List<Listed> migrations;
  private final Map<String, Listed> byName = new HashMap<>();
  private final Map<MigrationVersion, Listed> undos = new HashMap<>();

  ListedScripts(ScriptListing listing) {
    migrations = listing.files().stream().filter(it -> it.kind() != Kind.UNDO).toList();
    migrations.forEach(it -> byName.put(it.name(), it));
    listing.files().stream()
        .filter(it -> it.kind() == Kind.UNDO)
        .forEach(it -> undos.put(MigrationVersion.fromVersion(it.version()), it));
  }

  /** Digest of a script and its configuration; null where there is no such script. */
  @Nullable String contentDigest(String name) {
    var script = byName.get(name);
    return script == null ? null : script.digest();
  }

  /** Digest of the script that takes a version back; null where there is none. */
  @Nullable String undoDigest(MigrationVersion version) {
    var script = undos.get(version);
    return script == null ? null : script.digest();
  }

  @Override
  @SuppressWarnings(
      "NullAway") // Flyway's interface knows no annotations; null is its answer for no such file.
  public LoadableResource getResource(String name) {
    return migrations.stream()
        .filter(it -> name.equals(ScriptNames.configurationOf(it.name())))
        .flatMap(it -> Stream.ofNullable(it.configuration()))
        .map(it -> new Script(new ScriptFile(0, name, it), null))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return migrations.stream()
        .filter(it -> it.text() != null)
        .<LoadableResource>map(ListedScripts::script)
        .filter(it -> it.getFilename().startsWith(prefix))
        .filter(it -> ScriptNames.endsWithAny(it.getFilename(), List.of(suffixes)))
        .toList();
  }

  @Override
  public Collection<ResolvedMigration> resolveMigrations(Context context) {
    return migrations.stream()
        .filter(it -> it.text() == null)
        .map(it -> resolved(it, context))
        .toList();
  }

  private ResolvedMigration resolved(Listed listed, Context context) {
    var version = listed.version() == null ? null : MigrationVersion.fromVersion(listed.version());
    var sql =
        context.sqlScriptFactory.createSqlScript(
            script(listed), context.configuration.isMixed(), this);
    var executor = new SqlMigrationExecutor(context.sqlScriptExecutorFactory, sql, false, false);
    return listed.kind() == Kind.BASELINE
        ? new BaselineResolvedMigration(
            version,
            listed.description(),
            listed.name(),
            listed.checksum(),
            null,
            listed.name(),
            executor,
            context.configuration)
        : new ResolvedMigrationImpl(
            version,
            listed.description(),
            listed.name(),
            listed.checksum(),
            listed.kind() == Kind.REPEATABLE ? listed.checksum() : null,
            CoreMigrationType.SQL,
            listed.name(),
            executor);
  }

  private static Script script(Listed listed) {
    return new Script(
        new ScriptFile(0, listed.name(), Objects.requireNonNullElse(listed.text(), "")), null);
  }
}
