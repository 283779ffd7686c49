package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a restore.
 *
 * @param observedGeneration the generation of the spec that this status is of
 * @param conditions Ready, Reconciling and Stalled by the convention of kstatus
 * @param backup the chosen one's name; null until it is chosen
 * @param database where it came back; null before
 * @param safetyBackup the backup that was made of the live database before its place was taken;
 *     null where none was taken
 * @param previousDatabase the name under which the live database of before is kept; null where its
 *     place was not taken
 * @param phases the parts of the last Job that told of them, in order
 * @param tables that came back
 * @param rows that came back
 * @param job the last that worked on it
 * @param result how that Job ended: Done, or the reason; null while none has
 * @param message what it said; null when there is nothing to say
 * @param finished when it ended, RFC 3339
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TuneTrailRestoreStatus(
    @Nullable Long observedGeneration,
    @Nullable RestorePhase phase,
    @Nullable String backup,
    @Nullable String database,
    @Nullable String safetyBackup,
    @Nullable String previousDatabase,
    @Nullable List<RestoreStep> phases,
    @Nullable Integer tables,
    @Nullable Long rows,
    @Nullable String job,
    @Nullable String result,
    @Nullable String message,
    @Nullable String finished,
    @Nullable List<Condition> conditions) {}
