package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.api.UrlVariable;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.guard.TestOrders.Wish;
import io.tunetrail.operator.lifecycle.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramEnvironmentTest {
  private static final String FILE = "/tunetrail/ca.crt";
  private static final TlsFiles FILES = new TlsFiles(FILE, null, null);

  private static ConnectionSettings settings(
      SslMode mode, @Nullable String caPem, @Nullable String role) {
    return new ConnectionSettings(
        "db", 5432, "karaoke", "app", new Password("p%w"), mode, caPem, role);
  }

  private static ProgramEnvironment environment(ConnectionSettings settings, String... path) {
    return new ProgramEnvironment(
        TestOrders.order(Wish.of("karaoke-migrate-0123456789-1", Task.MIGRATE)),
        settings,
        List.of(new UrlVariable("DATABASE_URL", Driver.ASYNCPG), new UrlVariable("DSN", null)),
        FILES,
        List.of(path));
  }

  @Test
  void a_program_finds_the_certificate_that_it_is_to_show() {
    var plain = environment(settings(SslMode.VERIFY_FULL, null, null));
    var shown =
        new ProgramEnvironment(
            plain.order(),
            plain.settings(),
            List.of(),
            new TlsFiles(FILE, "/tunetrail/tls.crt", "/tunetrail/tls.key"),
            List.of());

    assertThat(plain.variables()).doesNotContainKeys("PGSSLCERT", "PGSSLKEY");
    assertThat(shown.variables())
        .containsEntry("PGSSLCERT", "/tunetrail/tls.crt")
        .containsEntry("PGSSLKEY", "/tunetrail/tls.key");
  }

  @Test
  void a_program_finds_the_database_in_the_variables_that_drivers_know() {
    var variables = environment(settings(SslMode.VERIFY_FULL, null, null)).variables();

    assertThat(variables)
        .containsEntry("PGHOST", "db")
        .containsEntry("PGPORT", "5432")
        .containsEntry("PGDATABASE", "karaoke")
        .containsEntry("PGUSER", "app")
        .containsEntry("PGPASSWORD", "p%w")
        .containsEntry("PGSSLMODE", "verify-full")
        .containsEntry("PGSSLROOTCERT", FILE)
        .containsEntry("PGAPPNAME", "tunetrail/karaoke-migrate-0123456789-1")
        .containsEntry("EDITION", "commercial")
        .containsEntry("ENVIRONMENT", "staging")
        .containsEntry(
            "DATABASE_URL", "postgresql+asyncpg://app:p%25w@db:5432/karaoke?ssl=verify-full")
        .containsEntry(
            "DSN",
            "postgresql://app:p%25w@db:5432/karaoke?sslmode=verify-full&sslrootcert=%2Ftunetrail%2Fca.crt");
    assertThat(variables.get("PGOPTIONS"))
        .contains("-c tcp_keepalives_idle=10")
        .doesNotContain("lock_timeout", "client_connection_check_interval", "role", "search_path");
  }

  @ParameterizedTest
  @CsvSource({
    "PREFER, given, false",
    "REQUIRE, , false",
    "REQUIRE, given, true",
    "VERIFY_CA, , true",
    "VERIFY_FULL, given, true"
  })
  void certificates_are_named_only_where_the_server_s_is_to_be_checked(
      SslMode mode, @Nullable String caPem, boolean named) {
    var environment = environment(settings(mode, caPem, null));

    assertThat(environment.variables().containsKey("PGSSLROOTCERT")).isEqualTo(named);
    assertThat(String.valueOf(environment.urlsByDriver().get("psycopg2")).contains("sslrootcert"))
        .isEqualTo(named);
  }

  @Test
  void a_role_and_a_search_path_reach_the_program_whatever_they_are_called() {
    var variables =
        environment(settings(SslMode.PREFER, null, "the owner\\"), "my \"songs\"", "public")
            .variables();

    assertThat(variables.get("PGOPTIONS"))
        .contains("-c role=the\\ owner\\\\")
        .endsWith("-c search_path=\"my\\ \"\"songs\"\"\",\"public\"");
  }

  @Test
  void an_ini_file_may_be_for_any_driver() {
    assertThat(environment(settings(SslMode.PREFER, null, null)).urlsByDriver())
        .containsOnlyKeys("", "psycopg", "psycopg2", "asyncpg");
  }

  @Test
  void the_end_of_a_long_name_tells_jobs_apart() {
    var order = TestOrders.order(Wish.of("k".repeat(60) + "-7", Task.MIGRATE));
    var variables =
        new ProgramEnvironment(
                order, settings(SslMode.PREFER, null, null), List.of(), FILES, List.of())
            .variables();

    assertThat(variables.get("PGAPPNAME")).hasSize(63).endsWith("kkk-7");
  }
}
