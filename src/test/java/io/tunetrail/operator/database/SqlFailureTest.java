package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.SslMode;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqlFailureTest {
  private static final ConnectionSettings SETTINGS =
      new ConnectionSettings(
          "db", 5432, "songs", "ap\"p", new Password("C4n/ary"), SslMode.REQUIRE, null, null);

  @Test
  void fault_51_what_a_driver_says_is_told_without_the_password() {
    var failure = new SQLException("no route to postgresql://u:C4n%2Fary@h", "08001");

    assertThat(SqlFailure.of(failure, SETTINGS).detail())
        .isEqualTo("db:5432: no route to postgresql://u:***@h");
  }

  @Test
  void fault_46_a_statement_that_is_proposed_quotes_the_names_in_it() {
    for (var kind : new String[] {"schema", "database", "table", "sequence", "view", "function"}) {
      var words = "permission denied for %s x\"; DROP TABLE songs; --".formatted(kind);

      assertThat(SqlFailure.missingGrant(words, SETTINGS))
          .contains("\"x\"\"; DROP TABLE songs; --\"")
          .endsWith(" TO \"ap\"\"p\";");
    }
  }
}
