package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.lifecycle.WriteAccess;
import io.tunetrail.operator.testing.TestSpecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica's is in FenceFaultsTest, which has one. */
@Timeout(120)
class WriteAccessTest extends Looking {
  private WriteAccess access() {
    return seen(look(database.settings())).writeAccess();
  }

  private void asAdmin(String sql) {
    database.server().execute(database.name(), sql);
  }

  @Test
  void the_owner_of_all_tables_may_write() {
    assertThat(access()).isEqualTo(WriteAccess.WRITABLE);
    database.execute(SONGS);
    assertThat(access()).isEqualTo(WriteAccess.WRITABLE);
  }

  @Test
  void a_database_whose_transactions_are_read_only_is_not_written_to() {
    asAdmin("ALTER DATABASE %s SET default_transaction_read_only = on".formatted(database.name()));
    assertThat(access()).isEqualTo(WriteAccess.READ_ONLY);
  }

  @Test
  void a_table_that_the_role_may_only_read_is_named_as_that() {
    asAdmin("CREATE TABLE public.charts (id int); GRANT SELECT, INSERT ON public.charts TO PUBLIC");
    assertThat(access()).isEqualTo(WriteAccess.MAY_NOT_WRITE);
    asAdmin("GRANT UPDATE, DELETE ON public.charts TO PUBLIC");
    assertThat(access()).isEqualTo(WriteAccess.WRITABLE);
  }

  @Test
  void a_table_of_an_extension_need_not_be_written_to() {
    asAdmin(
        "CREATE EXTENSION hstore; CREATE TABLE public.owned (id int);"
            + " ALTER EXTENSION hstore ADD TABLE public.owned");
    assertThat(access()).isEqualTo(WriteAccess.WRITABLE);
  }

  @Test
  void a_schema_without_create_can_not_take_a_migration() {
    asAdmin("CREATE SCHEMA music; GRANT USAGE ON SCHEMA music TO PUBLIC");
    var music = TestSpecs.flyway("schemas: [music]");
    assertThat(facts(music, scripts("V1__songs.sql", SONGS)).writeAccess())
        .isEqualTo(WriteAccess.MAY_NOT_CREATE);
    assertThat(access()).as("of where unqualified names go").isEqualTo(WriteAccess.WRITABLE);
  }

  @Test
  void a_schema_that_is_still_to_be_made_is_none() {
    var music = TestSpecs.flyway("schemas: [music]");
    assertThat(facts(music, scripts("V1__songs.sql", SONGS)).writeAccess())
        .isEqualTo(WriteAccess.NO_SCHEMA);
  }
}
