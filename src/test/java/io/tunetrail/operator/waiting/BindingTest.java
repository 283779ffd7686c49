package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingTest {
  @TempDir private Path mounts;
  private final Map<String, String> environment = new HashMap<>();

  private void mount(String name, String content) throws IOException {
    var file = mounts.resolve(name);
    Files.createDirectories(file.resolveSibling("..data"));
    Files.writeString(file, content);
    environment.put("TUNETRAIL_MOUNTS", mounts.toString());
  }

  private void variables(String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
  }

  private ConnectionSettings settings() {
    var resolution = new Binding(environment).resolve();
    assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
    return ((Resolution.Resolved) resolution).settings();
  }

  private String refusal() {
    var resolution = new Binding(environment).resolve();
    assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    return ((Resolution.Refused) resolution).detail();
  }

  private void allByVariables() {
    variables(
        "PGHOST",
        "db.example.org",
        "PGPORT",
        "5433",
        "PGDATABASE",
        "karaoke",
        "PGUSER",
        "app",
        "PGPASSWORD",
        "secret!");
  }

  @Test
  void libpqs_variables_are_enough() {
    allByVariables();

    assertThat(settings())
        .isEqualTo(
            new ConnectionSettings(
                "db.example.org",
                5433,
                "karaoke",
                "app",
                new Password("secret!"),
                SslMode.PREFER,
                null,
                null));
  }

  @Test
  void a_mounted_secret_is_enough_and_what_else_it_holds_does_no_harm() throws IOException {
    mount("secret/uri", "postgresql://app:s%20x@db.example.org:5433/karaoke?sslmode=require\n");
    mount("secret/keystore", "");
    Files.write(mounts.resolve("secret/keystore"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});

    assertThat(settings())
        .isEqualTo(
            new ConnectionSettings(
                "db.example.org",
                5433,
                "karaoke",
                "app",
                new Password("s x"),
                SslMode.REQUIRE,
                null,
                null));
  }

  @Test
  void variables_win_key_by_key_and_an_empty_one_says_nothing() throws IOException {
    mount("secret/uri", "postgresql://owner:x@db.example.org/karaoke");
    mount("secret/host", "other.example.org");
    variables("PGUSER", "app", "PGPASSWORD", "y", "PGHOST", "");

    var settings = settings();

    assertThat(settings.host()).isEqualTo("other.example.org");
    assertThat(settings.database()).isEqualTo("karaoke");
    assertThat(settings.username()).isEqualTo("app");
    assertThat(settings.password().value()).isEqualTo("y");
  }

  @Test
  void a_short_host_is_left_to_the_pods_search_domains() {
    allByVariables();
    variables("PGHOST", "postgres");
    assertThat(settings().host()).isEqualTo("postgres");

    variables("PGHOST", "postgres.music");
    assertThat(settings().host()).isEqualTo("postgres.music");

    variables("PGHOST", "db.example.org.");
    assertThat(settings().host()).isEqualTo("db.example.org.");
  }

  @Test
  void given_certificates_are_checked_unless_the_mode_says_otherwise() throws IOException {
    allByVariables();
    mount("ca/ca.crt", "mounted");
    assertThat(settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(settings().caPem()).isEqualTo("mounted");

    variables("PGSSLMODE", "verify-ca");
    assertThat(settings().sslMode()).isEqualTo(SslMode.VERIFY_CA);

    variables("PGSSLMODE", "disable");
    assertThat(settings().sslMode()).isEqualTo(SslMode.DISABLE);
  }

  @Test
  void libpqs_root_certificates_win_over_the_mounted() throws IOException {
    allByVariables();
    mount("ca/ca.crt", "mounted");
    mount("own.pem", "own");
    variables("PGSSLROOTCERT", mounts.resolve("own.pem").toString());
    assertThat(settings().caPem()).isEqualTo("own");

    variables("PGSSLROOTCERT", "system");
    assertThat(settings().caPem()).isNull();
    assertThat(settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL);

    variables("PGSSLROOTCERT", mounts.resolve("none.pem").toString());
    assertThat(refusal()).contains("can't be read", "none.pem");
  }

  @Test
  void what_is_missing_is_named_with_where_it_was_looked_for() {
    assertThat(refusal())
        .isEqualTo(
            "Secret in the pod's mounts has no key host, and no uri that gives it; looked for in"
                + " PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, then in the folder"
                + " secret of TUNETRAIL_MOUNTS");
  }

  @Test
  void a_refusal_quotes_no_value() {
    allByVariables();
    variables("PGHOST", "db?socketFactory=evil");

    assertThat(refusal()).contains("host").doesNotContain("evil", "secret!");
  }
}
