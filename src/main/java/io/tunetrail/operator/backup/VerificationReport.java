package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a verification's report says besides how it ended.
 *
 * @param backup its name
 * @param verified whether it was restored and is what its manifest says
 * @param tables that were compared
 * @param rows in all of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VerificationReport(String backup, boolean verified, int tables, long rows) {}
