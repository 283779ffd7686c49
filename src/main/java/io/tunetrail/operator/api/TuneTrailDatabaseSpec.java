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
 * @param environment where the database serves; production wants an approval before each migration,
 *     and verified TLS
 * @param targetVersion a version of the engine, or latest; for Alembic also a unique prefix of a
 *     revision, head, or heads
 * @param scratch where databases may be made and dropped; without it the database's own server,
 *     where the role has CREATEDB
 * @param seed development and staging only
 * @param requestedBy who changed targetVersion or schema last; with the policy of deploy/approvals
 *     this is always their author
 * @param suspend true: the operator looks and reports but starts nothing; what a TuneTrailRestore
 *     asks for, and a plan that is asked for, is done all the same
 * @param backup null: none is made
 * @param monitoring who measures sessions, statements and replication; null: the login of
 *     connection, as far as it may
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.edition != 'community' || has(self.schema.createAll)",
    message = "edition community creates its tables from schema.createAll; set it")
@ValidationRule(
    value =
        "!has(self.schema.createAll)"
            + " || has(self.schema.createAll.configMaps) != has(self.schema.createAll.program)",
    message = "schema.createAll has exactly one of configMaps and program")
@ValidationRule(
    value = "self.edition == 'community' || has(self.schema.flyway) != has(self.schema.alembic)",
    message =
        "editions commercial, saas and enterprise migrate; set exactly one of schema.flyway and"
            + " schema.alembic")
@ValidationRule(
    value = "self.edition != 'community' || self.targetVersion == 'latest'",
    message = "edition community has no versions; leave targetVersion out")
@ValidationRule(
    value = "!self.targetVersion.matches('[+-][0-9]+$')",
    message =
        "a relative target would mean another version tomorrow; name the version that the database"
            + " should have")
@ValidationRule(
    value = "!self.targetVersion.endsWith('@base')",
    message =
        "a branch is not taken back alone to before its first revision; name a revision, or base,"
            + " which takes back all")
@ValidationRule(
    value =
        "self.edition == 'community' || !has(self.schema.flyway)"
            + " || self.targetVersion.matches('^(latest|[0-9]+([._][0-9]+)*)$')",
    message = "Flyway's versions are numbers separated by dots or underscores, or latest")
@ValidationRule(
    value =
        "!has(self.migration) || !has(self.migration.adopt) || self.migration.adopt == 'Refuse'"
            + " || has(self.migration.baselineVersion)",
    message =
        "migration.adopt Baseline and Rebaseline need migration.baselineVersion, the version to"
            + " adopt at")
@ValidationRule(
    value =
        "self.edition == 'community' || !has(self.schema.flyway) || !has(self.migration)"
            + " || !has(self.migration.baselineVersion)"
            + " || self.migration.baselineVersion.matches('^[0-9]+([._][0-9]+)*$')",
    message = "Flyway's versions are numbers separated by dots or underscores")
@ValidationRule(
    value =
        "!has(self.migration) || !has(self.migration.backupFirst)"
            + " || self.migration.backupFirst == 'Never' || has(self.backup)",
    message = "migration.backupFirst needs spec.backup, which says where backups go")
@ValidationRule(
    value =
        "!has(self.migration) || !has(self.migration.rollback)"
            + " || self.migration.rollback != 'Restore' || has(self.backup)",
    message = "migration.rollback Restore needs spec.backup, which says where backups are")
@ValidationRule(
    value =
        "!has(self.migration) || !has(self.migration.backupFirst)"
            + " || self.migration.backupFirst != 'Verified' || !has(self.backup)"
            + " || !has(self.backup.verification) || !has(self.backup.verification.schedule)"
            + " && (!has(self.backup.verification.suspend) || !self.backup.verification.suspend)",
    message =
        "migration.backupFirst Verified waits for a verification after each backup; take schedule"
            + " and suspend out of backup.verification")
@ValidationRule(
    value = "!has(self.seed) || self.environment != 'production'",
    message = "fixtures are for development and staging; take spec.seed out in production")
@ValidationRule(
    value = "!has(self.seed) || has(self.seed.configMaps) != has(self.seed.program)",
    message = "seed has exactly one of configMaps and program")
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
@ValidationRule(
    value =
        "self.edition == 'community' || self.environment != 'production' || !has(self.approval)"
            + " || has(self.approval.digest) || (has(self.migration)"
            + " && has(self.migration.approval) && self.migration.approval == 'Version')",
    message =
        "production approves a plan: set approval.digest to status.plan.digest, or"
            + " migration.approval to Version")
@ValidationRule(
    value =
        "self.environment != 'production' || !has(self.backup)"
            + " || !has(self.backup.storage.s3) || !has(self.backup.storage.s3.endpoint)"
            + " || self.backup.storage.s3.endpoint.startsWith('https:')",
    message = "production needs TLS; let backup.storage.s3.endpoint begin with https")
@ValidationRule(
    value = "!has(self.scratch) || !has(self.scratch.connection.look)",
    message = "a scratch server is used by Jobs only; take scratch.connection.look out")
@ValidationRule(
    value = "!has(self.monitoring) || !has(self.connection.look) || self.connection.look != 'Job'",
    message =
        "the operator itself logs in for monitoring; take spec.monitoring out where"
            + " connection.look is Job")
public record TuneTrailDatabaseSpec(
    @Required Edition edition,
    @Required Environment environment,
    @Nullable @Default("latest") @Pattern("^[A-Za-z0-9._@+-]+$") @Size(min = 1, max = 100)
        String targetVersion,
    @Required ConnectionSpec connection,
    @Required SchemaSpec schema,
    @Nullable @Default("{}") MigrationSpec migration,
    @Nullable ApprovalSpec approval,
    @Nullable ScratchSpec scratch,
    @Nullable SeedSpec seed,
    @Nullable JobTemplateSpec jobTemplate,
    @Nullable Boolean suspend,
    @Nullable @Size(min = 1, max = 253) String requestedBy,
    @Nullable DriftSpec drift,
    @Nullable BackupSpec backup,
    @Nullable MonitoringSpec monitoring) {}
