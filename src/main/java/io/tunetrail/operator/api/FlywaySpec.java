package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flyway migrations from ConfigMaps. The parameters are Flyway's own, with its names and defaults.
 *
 * @param configMaps the scripts, one key a file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "(!has(self.table) || bytes(self.table).size() <= 63)"
            + " && (!has(self.defaultSchema) || bytes(self.defaultSchema).size() <= 63)"
            + " && (!has(self.schemas) || self.schemas.all(it, bytes(it).size() <= 63))",
    message = "PostgreSQL would cut the name of a schema or table that is longer than 63 bytes")
public record FlywaySpec(
    @Required @Size(min = 1, max = 20) List<LocalReference> configMaps,
    @Nullable Map<String, String> placeholders,
    @Nullable Boolean placeholderReplacement,
    @Nullable Boolean outOfOrder,
    @Nullable @Size(max = 20) List<String> schemas,
    @Nullable @Size(min = 1, max = 63) String defaultSchema,
    @Nullable @Size(min = 1, max = 63) String table,
    @Nullable @Size(max = 20) String sqlMigrationPrefix,
    @Nullable @Size(max = 20) String repeatableSqlMigrationPrefix,
    @Nullable @Size(max = 20) String sqlMigrationSeparator,
    @Nullable @Size(max = 10) List<String> sqlMigrationSuffixes) {}
