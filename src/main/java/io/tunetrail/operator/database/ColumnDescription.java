package io.tunetrail.operator.database;

/**
 * A column.
 *
 * @param type as PostgreSQL spells it, with its length or precision
 * @param generation how its value comes about by itself; empty where it doesn't, or by a default
 */
public record ColumnDescription(String type, boolean notNull, String generation) {}
