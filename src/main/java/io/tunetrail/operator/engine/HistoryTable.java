package io.tunetrail.operator.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where an engine keeps its history.
 *
 * @param schema null: the connection's own default
 */
public record HistoryTable(@Nullable String schema, String table) {
  public static final String FLYWAY = "flyway_schema_history";
  public static final String ALEMBIC = "alembic_version";
}
