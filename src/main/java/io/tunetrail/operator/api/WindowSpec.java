package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A recurring time in which migrations may start.
 *
 * @param schedule when it opens: minute, hour, day of the month, month, day of the week, as cron
 *     has them
 * @param duration how long it stays open
 * @param timeZone of the schedule, by its name in the time zone database
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WindowSpec(
    @Required @Pattern("^[^ @]+( [^ ]+){4}$") @Size(min = 9, max = 100) String schedule,
    @Required @Pattern("^[1-9][0-9]{0,5}(s|m|h)$") @Size(max = 7) String duration,
    @Nullable @Default("UTC") @Pattern("^[A-Za-z0-9_+/-]+$") @Size(min = 1, max = 64)
        String timeZone) {}
