package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tunetrail.operator.api.FlywaySpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's settings with its defaults filled in, the same for the operator's look and for the
 * runner.
 *
 * @param schemas the first, unless {@code defaultSchema} says otherwise, holds the history table;
 *     empty: the connection's own default
 * @param baselineVersion null: a database with tables and without a history is refused
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FlywaySettings(
    Map<String, String> placeholders,
    boolean placeholderReplacement,
    boolean outOfOrder,
    List<String> schemas,
    @Nullable String defaultSchema,
    String table,
    String sqlMigrationPrefix,
    String repeatableSqlMigrationPrefix,
    String sqlMigrationSeparator,
    List<String> sqlMigrationSuffixes,
    @Nullable String baselineVersion) {

  /** What the name of a file has at its end that configures a script, after the script's. */
  public static final String CONFIGURATION = ".conf";

  public static FlywaySettings of(FlywaySpec spec, @Nullable String baselineVersion) {
    return new FlywaySettings(
        new TreeMap<>(or(spec.placeholders(), Map.of())),
        or(spec.placeholderReplacement(), true),
        or(spec.outOfOrder(), false),
        or(spec.schemas(), List.of()),
        spec.defaultSchema(),
        or(spec.table(), HistoryTable.FLYWAY),
        or(spec.sqlMigrationPrefix(), "V"),
        or(spec.repeatableSqlMigrationPrefix(), "R"),
        or(spec.sqlMigrationSeparator(), "__"),
        or(spec.sqlMigrationSuffixes(), List.of(".sql")),
        baselineVersion);
  }

  /** Digest of everything that changes what a script does or which scripts run. */
  public String digest() {
    return Digest.of(toString());
  }

  /**
   * Whether a file of an image's folder is a script or configures one; other files may lie there.
   */
  public boolean reads(String fileName) {
    return sqlMigrationSuffixes.stream()
        .anyMatch(it -> fileName.endsWith(it) || fileName.endsWith(it + CONFIGURATION));
  }

  /** Where the history table stands, or null for the connection's default schema. */
  public @Nullable String historySchema() {
    if (defaultSchema != null) {
      return defaultSchema;
    }
    return schemas.isEmpty() ? null : schemas.getFirst();
  }

  public HistoryTable history() {
    return new HistoryTable(historySchema(), table);
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
