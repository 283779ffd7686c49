package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerWideStatementTest {

  @Test
  void statements_that_reach_beyond_their_database_are_found() {
    assertThat(ServerWideStatement.in("SELECT 1; alter\n role app SET x = 1"))
        .hasValue("alter role");
    assertThat(ServerWideStatement.in("ALTER DATABASE karaoke SET x = 1"))
        .hasValue("ALTER DATABASE");
    assertThat(ServerWideStatement.in("GRANT CONNECT ON DATABASE karaoke TO app"))
        .hasValue("ON DATABASE");
    assertThat(ServerWideStatement.in("REASSIGN OWNED BY a TO b")).hasValue("REASSIGN OWNED");
    assertThat(ServerWideStatement.in("ALTER SYSTEM SET x = 1")).hasValue("ALTER SYSTEM");
  }

  @Test
  void others_and_comments_are_not() {
    assertThat(ServerWideStatement.in("-- ALTER ROLE app\n/* DROP\nDATABASE x */ SELECT 1"))
        .isEmpty();
    assertThat(ServerWideStatement.in("ALTER USER MAPPING FOR app SERVER s")).isEmpty();
    assertThat(ServerWideStatement.in("CREATE ROLE app; ALTER TABLE roles ADD role text"))
        .isEmpty();
  }
}
