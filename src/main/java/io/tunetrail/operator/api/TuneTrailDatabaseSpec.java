package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants of a database.
 *
 * @param targetVersion a version of the engine, or latest
 * @param suspend true: the operator looks and reports but starts nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.edition != 'community' || has(self.schema.createAll)",
    message =
        "edition community creates its tables from schema.createAll; set"
            + " schema.createAll.configMaps")
@ValidationRule(
    value = "self.edition == 'community' || has(self.schema.flyway)",
    message = "editions commercial, saas and enterprise migrate; set schema.flyway.configMaps")
@ValidationRule(
    value = "self.edition != 'community' || self.targetVersion == 'latest'",
    message = "edition community has no versions; leave targetVersion out")
@ValidationRule(
    value =
        "self.environment != 'production' || !has(self.connection.sslMode)"
            + " || self.connection.sslMode in ['require', 'verify-ca', 'verify-full']",
    message =
        "production needs TLS; set connection.sslMode to verify-full (the default), verify-ca or"
            + " require")
@ValidationRule(
    value =
        "!has(self.connection.caRef)"
            + " || has(self.connection.caRef.configMap) != has(self.connection.caRef.secret)",
    message = "connection.caRef names exactly one of configMap and secret")
public record TuneTrailDatabaseSpec(
    @Required Edition edition,
    @Required Environment environment,
    @Nullable @Default("latest") @Pattern("^(latest|[0-9]+([._][0-9]+)*)$") @Size(max = 100)
        String targetVersion,
    @Required ConnectionSpec connection,
    @Required SchemaSpec schema,
    @Nullable @Default("{}") MigrationSpec migration,
    @Nullable ApprovalSpec approval,
    @Nullable JobTemplateSpec jobTemplate,
    @Nullable Boolean suspend) {}
