package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How a pod is told to dump by several sessions at once.
 *
 * @param jobs of pg_dump, at least 2
 * @param workspace the folder that has room for an archive; null: {@code /tmp} has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParallelOrder(int jobs, @Nullable String workspace) {}
