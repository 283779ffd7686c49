package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Backups by pg_dump, each with a manifest beside it.
 *
 * @param schedule when: minute, hour, day of the month, month, day of the week, as cron has them;
 *     minute 0 stands for one of the hour's first 30 minutes, the same each time, so that not all
 *     begin at once
 * @param timeZone of the schedule, by its name in the time zone database
 * @param suspend true: none is made by schedule
 * @param retention what is kept; null: its defaults
 * @param verification whether a backup is restored to see that it can be; null: each is
 * @param encryption null: archives are stored as pg_dump writes them
 * @param parallel several sessions at once, for large databases; null: one dumps, and its archive
 *     needs no room on its way
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupSpec(
    @Required @Pattern("^[^ @]+( [^ ]+){4}$") @Size(min = 9, max = 100) String schedule,
    @Nullable @Default("UTC") @Pattern("^[A-Za-z0-9_+/-]+$") @Size(min = 1, max = 64)
        String timeZone,
    @Nullable Boolean suspend,
    @Nullable @Default("{}") BackupRetentionSpec retention,
    @Required BackupStorageSpec storage,
    @Nullable BackupVerificationSpec verification,
    @Nullable BackupEncryptionSpec encryption,
    @Nullable BackupParallelSpec parallel) {}
