package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * Which backups are kept: those that either of the two wants.
 *
 * @param days those not older than so many days
 * @param minimum the newest so many, however old they are
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupRetentionSpec(
    @Nullable @Default("7") @Min(1) @Max(3650) Integer days,
    @Nullable @Default("3") @Min(1) @Max(1000) Integer minimum) {}
