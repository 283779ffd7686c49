package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How migrations run. Durations are a number and a unit (ms, s, m, h).
 *
 * @param lockTimeout longest wait for a table's lock, and so how long others queue behind it; 0s:
 *     none
 * @param statementTimeout longest run of one statement, and so how long its locks are held; 0s:
 *     none
 * @param deadline longest life of a migration's Job
 * @param retry any new token runs once more what failed
 * @param rollback what happens when the target is below the database
 * @param adopt what happens to a database that has tables and no history, or one that conflicts
 * @param baselineVersion the version that such a database has
 * @param windows when migrations may start, in any of them; null: at any time. One that has begun
 *     is finished
 * @param approval what an approval in production must name; null: the plan
 * @param plan when a Job shows the SQL of what would run, before it does
 * @param onDrift what happens to pending work on a schema that somebody else changed; null: Block
 *     in production, else Report
 * @param backupFirst whether a migration waits for a backup of what it finds; null: Complete in
 *     production where there are backups and where rollback is Restore, else Never
 * @param restoreAdmin who may make and rename databases on the server, where rollback is Restore
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.rollback) || self.rollback != 'Restore' || has(self.restoreAdmin)",
    message =
        "migration.rollback Restore needs migration.restoreAdmin, the credentials of who may make"
            + " and rename databases")
@ValidationRule(
    value =
        "!has(self.rollback) || self.rollback != 'Restore' || !has(self.backupFirst)"
            + " || self.backupFirst != 'Never'",
    message =
        "migration.rollback Restore brings back what migration.backupFirst backed up; take Never"
            + " out")
public record MigrationSpec(
    @Nullable @Default("5s") @Pattern("^[0-9]{1,6}(ms|s|m|h)$") @Size(max = 8) String lockTimeout,
    @Nullable @Default("30m") @Pattern("^[0-9]{1,6}(ms|s|m|h)$") @Size(max = 8)
        String statementTimeout,
    @Nullable @Default("1h") @Pattern("^[1-9][0-9]{0,5}(s|m|h)$") @Size(max = 8) String deadline,
    @Nullable @Size(max = 253) String retry,
    @Nullable @Default("Forbid") Rollback rollback,
    @Nullable @Default("Refuse") Adoption adopt,
    @Nullable @Pattern("^[A-Za-z0-9._]+$") @Size(min = 1, max = 100) String baselineVersion,
    @Nullable @Size(min = 1, max = 10) List<WindowSpec> windows,
    @Nullable ApprovalPolicy approval,
    @Nullable @Default("Gated") Planning plan,
    @Nullable OnDrift onDrift,
    @Nullable BackupFirst backupFirst,
    @Nullable RestoreAdminSpec restoreAdmin) {}
