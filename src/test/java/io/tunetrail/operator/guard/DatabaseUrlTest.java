package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  private static ConnectionSettings settings(String host, String database, String password) {
    return new ConnectionSettings(
        host, 5433, database, "app", new Password(password), SslMode.VERIFY_FULL, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,"
        + " postgresql://app:x@db:5433/karaoke?sslmode=verify-full&sslrootcert=%2Ftunetrail%2Fca.crt",
    "PSYCOPG,"
        + " postgresql+psycopg://app:x@db:5433/karaoke?sslmode=verify-full&sslrootcert=%2Ftunetrail%2Fca.crt",
    "PSYCOPG2,"
        + " postgresql+psycopg2://app:x@db:5433/karaoke?sslmode=verify-full&sslrootcert=%2Ftunetrail%2Fca.crt",
    "ASYNCPG, postgresql+asyncpg://app:x@db:5433/karaoke?ssl=verify-full"
  })
  void each_driver_spells_tls_in_its_own_way(Driver driver, String url) {
    assertThat(new DatabaseUrl(settings("db", "karaoke", "x"), "/tunetrail/ca.crt").of(driver))
        .isEqualTo(url);
  }

  @ParameterizedTest
  @EnumSource
  void fault_51_a_url_that_is_told_shows_no_password(Driver driver) {
    var its = settings("db", "karaoke", "C4n~a*r%y @:/+\\\"'ö");
    var url = new DatabaseUrl(its, null).of(driver);

    for (var told : List.of(url, url.replace("%", "%%"))) {
      assertThat(its.redaction().apply(told)).contains("://app:***@db:5433/karaoke?");
    }
  }

  @Test
  void without_certificates_none_are_named() {
    assertThat(new DatabaseUrl(settings("db", "karaoke", "x"), null).of(Driver.PSYCOPG))
        .isEqualTo("postgresql+psycopg://app:x@db:5433/karaoke?sslmode=verify-full");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p%w", "a@b:c/d?e#f", "it's \"so\"", "a b+c*d~e", "ünï\\", "%25"})
  void a_password_survives_the_url(String password) {
    var url = new DatabaseUrl(settings("db", "karaoke", password), null).of(Driver.NONE);
    var userInfo = URI.create(url).getRawUserInfo();

    assertThat(userInfo).matches("app:[A-Za-z0-9%._~-]+");
    assertThat(URLDecoder.decode(userInfo.substring(4), StandardCharsets.UTF_8))
        .isEqualTo(password);
    assertThat(URI.create(url).getHost()).isEqualTo("db");
  }

  @Test
  void an_address_of_ip_version_6_stands_in_brackets() {
    assertThat(new DatabaseUrl(settings("fd00::1", "karaoke", "x"), null).of(Driver.NONE))
        .startsWith("postgresql://app:x@[fd00::1]:5433/karaoke");
  }

  @Test
  void an_unusual_database_is_a_parameter_because_sqlalchemy_does_not_decode_the_path() {
    var url = new DatabaseUrl(settings("db", "my songs?", "x"), null);

    assertThat(url.of(Driver.PSYCOPG2)).contains(":5433/?dbname=my%20songs%3F&sslmode=");
    assertThat(url.of(Driver.ASYNCPG)).contains(":5433/?database=my%20songs%3F&ssl=");
  }
}
