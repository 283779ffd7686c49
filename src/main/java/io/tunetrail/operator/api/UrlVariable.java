package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A variable of the application's environment that holds the database's URL.
 *
 * @param variable its name
 * @param driver what the URL is for; none: a plain postgresql://
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UrlVariable(
    @Required @Pattern("^[A-Za-z_][A-Za-z0-9_]*$") @Size(max = 100) String variable,
    @Nullable @Default("none") Driver driver) {}
