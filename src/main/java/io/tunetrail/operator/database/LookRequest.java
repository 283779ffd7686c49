package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptSet;
import org.jspecify.annotations.Nullable;

/**
 * What to look for.
 *
 * @param environment the resource's own
 * @param flyway null for create-all
 */
public record LookRequest(
    Environment environment, @Nullable FlywaySettings flyway, ScriptSet scripts) {}
