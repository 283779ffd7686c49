package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/** What may run; the edition picks: community takes createAll, the others flyway or alembic. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SchemaSpec(
    @Nullable CreateAllSpec createAll,
    @Nullable FlywaySpec flyway,
    @Nullable AlembicSpec alembic) {}
