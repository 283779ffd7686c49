package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.ConnectionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Who restores.
 *
 * @param admin who makes and renames databases, on the database's own server; null: its own user
 * @param approvedBy who approved it; null where nobody had to, or was named
 */
public record RestoreAccess(@Nullable ConnectionSpec admin, @Nullable String approvedBy) {}
