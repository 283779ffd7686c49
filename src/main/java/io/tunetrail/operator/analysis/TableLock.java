package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A lock that a statement takes and its transaction holds.
 *
 * @param mode as LOCK TABLE writes it, for example {@code ACCESS EXCLUSIVE}
 * @param table schema-qualified where it was measured, else as the statement names it; null where a
 *     statement that was not measured names several
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableLock(String mode, @Nullable String table) {}
