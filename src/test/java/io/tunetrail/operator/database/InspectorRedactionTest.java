package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that tells the password back to who looks at it. */
@Timeout(120)
class InspectorRedactionTest extends Looking {
  @BeforeEach
  void isMigrated() throws InvalidScripts {
    flywayMigrates(scripts("V1__songs.sql", SONGS), settings(null, null));
  }

  private String password() {
    return database.password().replace("'", "''");
  }

  @Test
  void fault_51_an_error_that_tells_the_password_is_seen_without_it() {
    database.execute(
        """
        CREATE FUNCTION leak() RETURNS bool LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'postgresql://u:%%@h', '%s' USING DETAIL = '%s'; END $$;
        ALTER TABLE flyway_schema_history ENABLE ROW LEVEL SECURITY;
        ALTER TABLE flyway_schema_history FORCE ROW LEVEL SECURITY;
        CREATE POLICY leaking ON flyway_schema_history USING (leak());
        """
            .formatted(password(), password()));

    var unseen = unseen(lookByFlyway());

    assertThat(unseen.reason()).isEqualTo(Reason.INTERNAL_ERROR);
    assertThat(unseen.detail())
        .contains("postgresql://u:***@h. Detail: ***")
        .doesNotContain(database.password());
  }

  @Test
  void fault_51_a_history_that_tells_the_password_is_seen_without_it() {
    database.execute("UPDATE flyway_schema_history SET version = '" + password() + "'");

    var schema = seen(lookByFlyway()).schema();

    assertThat(schema).isInstanceOf(SchemaState.Unreadable.class);
    assertThat(((SchemaState.Unreadable) schema).detail())
        .contains("***")
        .doesNotContain(database.password());
  }

  private Look lookByFlyway() {
    return look(settings(null, null), scripts("V1__songs.sql", SONGS));
  }
}
