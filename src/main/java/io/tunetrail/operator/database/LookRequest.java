package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptSet;
import org.jspecify.annotations.Nullable;

/**
 * What to look for; neither Flyway nor Alembic: create-all.
 *
 * @param resourceUid whose fixtures
 * @param flyway null for other methods
 * @param alembic null for other methods
 */
public record LookRequest(
    String resourceUid,
    @Nullable FlywaySettings flyway,
    @Nullable AlembicSettings alembic,
    ScriptSet scripts) {}
