package io.tunetrail.operator.analysis;

import org.jspecify.annotations.Nullable;

/**
 * One statement of a plan.
 *
 * @param script the file, or the revision, that holds it
 * @param version null for a repeatable script
 * @param sql as the server would be sent it, placeholders replaced
 * @param transactional whether it runs in a transaction
 */
public record PlannedStatement(
    String script, @Nullable String version, String sql, boolean transactional) {}
