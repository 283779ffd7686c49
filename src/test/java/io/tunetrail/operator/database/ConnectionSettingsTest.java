package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {
  private static final Map<String, String> KEYS =
      Map.of(
          "host",
          "db.example.org",
          "port",
          "5433",
          "database",
          "karaoke",
          "username",
          "app",
          "password",
          "secret!");

  private static ConnectionSpec spec(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable SslMode mode) {
    return new ConnectionSpec(
        new LocalReference("karaoke-db"), host, port, database, null, mode, null);
  }

  private static final ConnectionSpec PLAIN = spec(null, null, null, null);

  private static Resolution resolve(
      ConnectionSpec spec, Environment environment, Map<String, String> secret) {
    return ConnectionSettings.resolve(spec, environment, "music", secret, null, null);
  }

  private static ConnectionSettings settings(Map<String, String> secret) {
    return settings(PLAIN, Environment.STAGING, secret);
  }

  private static ConnectionSettings settings(
      ConnectionSpec spec, Environment environment, Map<String, String> secret) {
    var resolution = resolve(spec, environment, secret);
    assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
    return ((Resolution.Resolved) resolution).settings();
  }

  private static Resolution.Refused refused(Map<String, String> secret) {
    return refused(PLAIN, Environment.STAGING, secret);
  }

  private static Resolution.Refused refused(
      ConnectionSpec spec, Environment environment, Map<String, String> secret) {
    var resolution = resolve(spec, environment, secret);
    assertThat(resolution).as("%s", secret).isInstanceOf(Resolution.Refused.class);
    return (Resolution.Refused) resolution;
  }

  private static Map<String, String> with(Map<String, String> keys, String... more) {
    var all = new HashMap<>(keys);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void keys_follow_the_service_binding_convention() {
    assertThat(settings(KEYS))
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
  void secrets_of_cloudnativepg_work_as_they_are() {
    var secret =
        Map.of(
            "host",
            "cluster-rw",
            "port",
            "5432",
            "dbname",
            "app",
            "user",
            "app",
            "username",
            "app",
            "password",
            "x",
            "uri",
            "postgresql://app:x@cluster-rw.music:5432/app",
            "jdbc-uri",
            "jdbc:postgresql://cluster-rw.music:5432/app?password=x&user=app");

    assertThat(settings(secret))
        .isEqualTo(
            new ConnectionSettings(
                "cluster-rw.music",
                5432,
                "app",
                "app",
                new Password("x"),
                SslMode.PREFER,
                null,
                null));
  }

  @Test
  void a_uri_fills_what_no_key_gives_and_is_percent_decoded() {
    var settings =
        settings(
            Map.of("uri", "postgres://us%40er:p%2Fa%3Fs+s@[::1]:6000/k%C3%A4%20b?sslmode=require"));

    assertThat(settings)
        .isEqualTo(
            new ConnectionSettings(
                "::1",
                6000,
                "kä b",
                "us@er",
                new Password("p/a?s+s"),
                SslMode.REQUIRE,
                null,
                null));
  }

  @Test
  void a_field_wins_over_a_key_and_a_key_over_the_uri() {
    var secret =
        Map.of(
            "host",
            "key.org",
            "username",
            "key",
            "uri",
            "postgresql://uri:pw@uri.org:1/uri?sslmode=disable",
            "sslmode",
            "require");

    assertThat(settings(PLAIN, Environment.STAGING, secret))
        .isEqualTo(
            new ConnectionSettings(
                "key.org", 1, "uri", "key", new Password("pw"), SslMode.REQUIRE, null, null));
    assertThat(
            settings(spec("field.org", 2, "field", SslMode.VERIFY_CA), Environment.STAGING, secret))
        .isEqualTo(
            new ConnectionSettings(
                "field.org", 2, "field", "key", new Password("pw"), SslMode.VERIFY_CA, null, null));
  }

  @Test
  void one_trailing_newline_is_not_part_of_a_value() {
    assertThat(settings(with(KEYS, "password", "secret!\r\n", "port", "5433\n")).password().value())
        .isEqualTo("secret!");
    assertThat(settings(with(KEYS, "password", "secret!\n\n")).password().value())
        .isEqualTo("secret!\n");
  }

  @Test
  void a_short_host_means_the_resources_namespace() {
    assertThat(settings(with(KEYS, "host", "db")).host()).isEqualTo("db.music");
    for (var complete : List.of("localhost", "db.other", "10.1.2.3", "fd00::1")) {
      assertThat(settings(with(KEYS, "host", complete)).host()).isEqualTo(complete);
    }
  }

  @Test
  void a_missing_key_is_named() {
    for (var key : List.of("host", "database", "username", "password")) {
      var secret = new HashMap<>(KEYS);
      secret.remove(key);
      assertThat(refused(secret))
          .isEqualTo(
              new Resolution.Refused(
                  Reason.INVALID_CONNECTION,
                  "Secret karaoke-db has no key " + key + ", and no uri that gives it"));
    }
  }

  @Test
  void fault_47_parameters_smuggled_into_host_database_or_uri_are_refused_and_not_repeated() {
    var smuggled =
        "?socketFactory=org.springframework.context.support.ClassPathXmlApplicationContext";
    for (var secret :
        List.of(
            with(KEYS, "host", "db" + smuggled),
            with(KEYS, "host", "db/other"),
            with(KEYS, "host", "one,two"),
            with(KEYS, "host", "/var/run/postgresql"),
            with(KEYS, "host", "db:5432/x"),
            with(KEYS, "host", "user@db"),
            with(KEYS, "database", "karaoke" + smuggled),
            with(KEYS, "database", "karaoke/x"),
            with(KEYS, "database", "karaoke&socketFactory=x"),
            with(KEYS, "database", "a,b"),
            with(KEYS, "database", "a\0b"),
            with(KEYS, "username", "app\0replication\0true"),
            with(KEYS, "password", "p\0w"),
            with(KEYS, "port", "5432/x?y"),
            with(KEYS, "port", "0"),
            with(KEYS, "sslmode", "none?x"),
            with(KEYS, "uri", "postgresql://h/d" + smuggled),
            with(KEYS, "uri", "postgresql://h/d?sslmode=require&socketFactory=x"),
            with(KEYS, "uri", "jdbc:postgresql://h/d"),
            with(KEYS, "uri", "postgresql://u:%zz@h/d"),
            Map.of("uri", "postgresql://u:p@one,two/d"),
            Map.of("uri", "postgresql://u:p@h/d%3FsocketFactory%3Dx"),
            Map.of("uri", "postgresql://u:p@h/d/e"))) {
      var refused = refused(secret);

      assertThat(refused.reason()).isEqualTo(Reason.INVALID_CONNECTION);
      assertThat(refused.detail()).doesNotContain("socketFactory", "secret!", "one,two", "zz");
    }
  }

  @Test
  void fault_47_hosts_and_ports_that_a_reader_would_take_for_others_are_refused() {
    for (var secret :
        List.of(
            with(KEYS, "host", "db.example.org\n-c x"),
            with(KEYS, "host", "db.example.org%2Cother"),
            with(KEYS, "host", "db．example．org"),
            with(KEYS, "host", "-h"),
            with(KEYS, "host", "@abstract"),
            with(KEYS, "host", "[::1]:1,[::2]"),
            with(KEYS, "port", "5432,5433"),
            with(KEYS, "port", "5432 sslmode=disable"),
            with(KEYS, "username", "app\nsslmode=disable"),
            with(KEYS, "database", "host=elsewhere"),
            with(KEYS, "database", "postgresql://elsewhere/x"),
            Map.of("uri", "postgresql://u:p@h%2Cother/d"),
            Map.of("uri", "postgresql://u:p@h%3Fx=y/d"),
            Map.of("uri", "postgresql://u:p@%2Fvar%2Frun/d"),
            Map.of("uri", "postgresql://u:p@h/d?SSLMODE=disable"),
            Map.of("uri", "postgresql://u:p@h/d?sslmode=require;options=-csearch_path"),
            Map.of("uri", "postgresql://u%00:p@h/d"))) {
      assertThat(refused(secret).reason()).as("%s", secret).isEqualTo(Reason.INVALID_CONNECTION);
    }
  }

  @Test
  void fault_47_keys_of_other_conventions_change_nothing() {
    var plain = settings(KEYS);

    for (var key :
        List.of(
            "options",
            "service",
            "servicefile",
            "sslrootcert",
            "sslkey",
            "sslfactory",
            "socketFactory",
            "hostaddr",
            "passfile",
            "jdbc-uri",
            "url",
            "type",
            "provider",
            "PGOPTIONS",
            "loggerFile")) {
      assertThat(settings(with(KEYS, key, "jdbc:postgresql://evil/?socketFactory=x")))
          .isEqualTo(plain);
    }
  }

  @Test
  void identifiers_are_at_most_63_bytes() {
    assertThat(settings(with(KEYS, "database", "ü".repeat(31))).database()).hasSize(31);
    assertThat(refused(with(KEYS, "database", "ü".repeat(32))).detail())
        .isEqualTo("database is longer than PostgreSQL's 63 bytes");
  }

  @Test
  void production_verifies_fully_by_default_and_accepts_nothing_weaker_than_require() {
    assertThat(settings(PLAIN, Environment.PRODUCTION, KEYS).sslMode())
        .isEqualTo(SslMode.VERIFY_FULL);
    assertThat(settings(PLAIN, Environment.PRODUCTION, with(KEYS, "sslmode", "require")).sslMode())
        .isEqualTo(SslMode.REQUIRE);
  }

  @Test
  void fault_50_sslmode_disable_in_production_is_refused() {
    for (var weak : List.of("disable", "allow", "prefer")) {
      assertThat(refused(PLAIN, Environment.PRODUCTION, with(KEYS, "sslmode", weak)).reason())
          .isEqualTo(Reason.TLS_REQUIRED);
      assertThat(
              refused(
                      PLAIN,
                      Environment.PRODUCTION,
                      with(KEYS, "uri", "postgresql://h/d?sslmode=" + weak))
                  .reason())
          .isEqualTo(Reason.TLS_REQUIRED);
    }
  }

  @Test
  void the_text_of_settings_holds_no_password() {
    assertThat(settings(KEYS).toString()).contains("db.example.org").doesNotContain("secret!");
  }
}
