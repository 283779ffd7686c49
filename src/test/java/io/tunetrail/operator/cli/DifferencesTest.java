package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static final String OPERATIONS =
      "New upgrade operations detected: [('add_table', Table('playlists', MetaData(),"
          + " Column('id', UUID(), table=<playlists>, comment='a, b'), schema=None)),"
          + " ('add_column', None, 'users', Column('age', Integer(), table=<users>)),"
          + " [('modify_nullable', 'public', 'users', 'name', {'existing_type': VARCHAR()}, True,"
          + " False)], ('remove_index', Index('ix_users_name', Column('name', String())))]\n";

  @Test
  void each_is_told_in_the_words_that_alembic_logs() {
    var log =
        """
        INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
        INFO  [alembic.autogenerate.compare.tables] Detected added table 'playlists'
        INFO  [alembic.autogenerate.compare] Detected NULL on column 'users.name'
        """;
    assertThat(Differences.in(log + "FAILED: " + OPERATIONS))
        .containsExactly("added table 'playlists'", "NULL on column 'users.name'");
  }

  @Test
  void without_a_log_each_is_told_by_its_operation() {
    assertThat(Differences.in("ERROR [flask_migrate] Error: " + OPERATIONS))
        .containsExactly(
            "add_table playlists",
            "add_column users.age",
            "modify_nullable public.users.name",
            "remove_index ix_users_name");
  }

  @Test
  void no_difference_is_no_line() {
    assertThat(Differences.in("No new upgrade operations detected.\n")).isEmpty();
  }
}
