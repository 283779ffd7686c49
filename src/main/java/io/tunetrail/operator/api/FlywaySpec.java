package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flyway migrations from ConfigMaps or from an image. The parameters are Flyway's own, with its
 * names and defaults.
 *
 * @param placeholders what stands for ${name} in scripts, by name
 * @param placeholderReplacement whether placeholders are replaced; null: true
 * @param outOfOrder whether a version below the database's newest may still run; null: false
 * @param schemas that Flyway is to know, the first of which is the default schema where
 *     defaultSchema is not given
 * @param defaultSchema where the history table is; null: the connection's own
 * @param table the history table; null: flyway_schema_history
 * @param sqlMigrationPrefix of versioned scripts; null: V
 * @param repeatableSqlMigrationPrefix of repeatable scripts; null: R
 * @param sqlMigrationSeparator between version and description; null: two underscores
 * @param sqlMigrationSuffixes of scripts; null: .sql
 * @param configMaps the scripts, one key a file
 * @param image that holds the scripts, where no ConfigMaps do
 * @param path the folder in the image, with all folders in it
 * @param imageVolume true: the node mounts the image, where it can (Kubernetes 1.35, or from 1.33
 *     with the feature gate ImageVolume; containerd 2.1 or newer); else a container of the image
 *     copies the scripts by its own {@code cp}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.configMaps) != has(self.image)",
    message = "schema.flyway has exactly one of configMaps and image")
@ValidationRule(
    value = "has(self.image) == has(self.path)",
    message =
        "schema.flyway.image and path go together: the image, and the folder in it that holds the"
            + " scripts")
@ValidationRule(
    value = "!has(self.imageVolume) || has(self.image)",
    message = "schema.flyway.imageVolume is about schema.flyway.image; set that, too")
@ValidationRule(
    value =
        "!has(self.path)"
            + " || self.path.matches('^(/[^/]+)+/?$') && !self.path.matches('/[.][.]?(/|$)')",
    message = "schema.flyway.path is an absolute folder in the image, as /flyway/sql is")
@ValidationRule(
    value =
        "(!has(self.table) || bytes(self.table).size() <= 63)"
            + " && (!has(self.defaultSchema) || bytes(self.defaultSchema).size() <= 63)"
            + " && (!has(self.schemas) || self.schemas.all(it, bytes(it).size() <= 63))",
    message = "PostgreSQL would cut the name of a schema or table that is longer than 63 bytes")
public record FlywaySpec(
    @Nullable @Size(min = 1, max = 20) List<LocalReference> configMaps,
    @Nullable @Size(min = 1, max = 1000) String image,
    @Nullable @Size(min = 1, max = 1000) String path,
    @Nullable Boolean imageVolume,
    @Nullable Map<String, String> placeholders,
    @Nullable Boolean placeholderReplacement,
    @Nullable Boolean outOfOrder,
    @Nullable @Size(max = 20) List<@Size(min = 1, max = 63) String> schemas,
    @Nullable @Size(min = 1, max = 63) String defaultSchema,
    @Nullable @Size(min = 1, max = 63) String table,
    @Nullable @Size(max = 20) String sqlMigrationPrefix,
    @Nullable @Size(max = 20) String repeatableSqlMigrationPrefix,
    @Nullable @Size(max = 20) String sqlMigrationSeparator,
    @Nullable @Size(max = 10) List<String> sqlMigrationSuffixes) {}
