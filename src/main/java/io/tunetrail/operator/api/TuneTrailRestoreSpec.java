package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which backup of which database comes back, and where. Only the approval may change.
 *
 * @param databaseRef a TuneTrailDatabase of the same namespace
 * @param admin who may make and rename databases on its server; null: the database's own user
 * @param approval in place only
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.databaseRef == oldSelf.databaseRef && self.backup == oldSelf.backup"
            + " && self.into == oldSelf.into && has(self.admin) == has(oldSelf.admin)"
            + " && (!has(self.admin) || self.admin == oldSelf.admin)",
    message =
        "a restore is done once, as it was asked for: only approval may change; make another"
            + " TuneTrailRestore")
@ValidationRule(
    value = "!has(self.into.inPlace) || has(self.admin)",
    message = "in place needs admin, the credentials of who may make and rename databases")
@ValidationRule(
    value = "!has(self.approval) || has(self.into.inPlace)",
    message = "a restore into a new database needs no approval; take approval out")
@ValidationRule(
    value =
        "!has(self.approval) || !has(self.backup.name)"
            + " || self.approval.backup == self.backup.name",
    message = "approval.backup must be the backup that is asked for, backup.name")
public record TuneTrailRestoreSpec(
    @Required LocalReference databaseRef,
    @Required RestoreBackupSpec backup,
    @Required RestoreTargetSpec into,
    @Nullable RestoreAdminSpec admin,
    @Nullable RestoreApprovalSpec approval) {}
