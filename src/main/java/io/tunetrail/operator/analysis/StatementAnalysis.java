package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement of a plan.
 *
 * @param script as planned
 * @param version as planned; null for a repeatable script
 * @param locks measured where {@code unmeasured} is null, else as squawk says; ACCESS SHARE left
 *     out
 * @param rewrites tables that are written anew; schema-qualified, known only where measured
 * @param tables the live tables concerned
 * @param onlyOutside true where PostgreSQL was seen to refuse it in a transaction; null otherwise
 * @param unmeasured why it was not measured on a scratch database; null where it was
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementAnalysis(
    String script,
    @Nullable String version,
    List<TableLock> locks,
    List<String> rewrites,
    List<TableSize> tables,
    @Nullable Boolean onlyOutside,
    @Nullable String unmeasured,
    List<Finding> findings) {

  boolean has(Level level) {
    return findings.stream().anyMatch(it -> it.level() == level);
  }
}
