package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * Dumps by several sessions at once, in pg_dump's directory format: it takes shape in the pod's own
 * workspace before it is stored, and is unpacked into one to be restored.
 *
 * @param jobs tables that are dumped at once, as pg_dump's option of this name has it; restores
 *     take as many. The server sees two sessions more, and the database's user needs that many
 * @param workspace null: on the node's own disk
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupParallelSpec(
    @Required @Min(2) @Max(32) Integer jobs, @Nullable BackupWorkspaceSpec workspace) {}
