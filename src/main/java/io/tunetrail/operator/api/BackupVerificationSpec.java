package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when the newest backup is restored into a scratch database, compared and dropped
 * again: on the server of spec.scratch, or else on the database's own.
 *
 * @param suspend true: none is
 * @param schedule when, as the backups' own and in their time zone; null: after each backup
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupVerificationSpec(
    @Nullable Boolean suspend,
    @Nullable @Pattern("^[^ @]+( [^ ]+){4}$") @Size(min = 9, max = 100) String schedule) {}
