package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In the words of pg_dump 15. */
class DumpFailureTest {
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(
          "pg", 5432, "karaoke", "singer", new Password("secret"), SslMode.PREFER, null, null);

  private static WorkResult failure(String... words) {
    return DumpFailure.of(1, List.of(words), SETTINGS);
  }

  @Test
  void a_table_that_may_not_be_read_is_named_with_the_grant_for_all() {
    var failure =
        failure(
            "pg_dump: error: query failed: ERROR:  permission denied for table private",
            "pg_dump: detail: Query was: LOCK TABLE public.private IN ACCESS SHARE MODE");
    assertThat(failure.outcome()).isEqualTo(Outcome.INSUFFICIENT_PRIVILEGE);
    assertThat(failure.message())
        .contains("permission denied for table private", "GRANT pg_read_all_data TO \"singer\";")
        .doesNotContain("Query was");
  }

  @Test
  void a_server_that_goes_away_is_told_from_what_pg_dump_can_not_do() {
    assertThat(failure("pg_dump: error: server closed the connection unexpectedly").outcome())
        .isEqualTo(Outcome.CONNECTION_LOST);
    assertThat(failure("pg_dump: error: connection to server at \"pg\" failed: refused").outcome())
        .isEqualTo(Outcome.UNREACHABLE);
    assertThat(
            failure(
                    "pg_dump: error: connection to server at \"pg\" failed: FATAL:  password"
                        + " authentication failed for user \"a\"")
                .outcome())
        .isEqualTo(Outcome.AUTHENTICATION_FAILED);
    assertThat(failure("pg_dump: error: row-level security").outcome())
        .isEqualTo(Outcome.BACKUP_FAILED);
    assertThat(failure().message()).isEqualTo("pg_dump ended with exit code 1");
  }
}
