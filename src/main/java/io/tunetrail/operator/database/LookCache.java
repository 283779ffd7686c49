package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;

/**
 * What looks found before, so that a look at what has not changed asks Flyway nothing and does not
 * read the catalog; safe for use by many threads at once.
 */
record LookCache(Answers<FlywayKey, SchemaState> flyway, Answers<DriftKey, SchemaDrift> drift) {

  LookCache() {
    this(new Answers<>(), new Answers<>());
  }

  /** Everything that Flyway's answer depends on. */
  record FlywayKey(
      String identity, String scriptsDigest, String settingsDigest, SchemaTables tables) {}

  /** Everything that a comparison with what was recorded depends on. */
  record DriftKey(String identity, RecordedSchema recorded, String token, DriftScope scope) {}
}
