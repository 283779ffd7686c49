package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.api.UrlVariable;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ProgramBackends;
import io.tunetrail.operator.migration.WorkOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user's program finds in its environment: the database in the variables that every
 * PostgreSQL driver knows, and in URLs under names of the user's choice.
 *
 * @param searchPath the schemas in which it finds unqualified names; empty: as the login has it
 */
record ProgramEnvironment(
    WorkOrder order,
    ConnectionSettings settings,
    List<UrlVariable> urls,
    TlsFiles tlsFiles,
    List<String> searchPath) {
  /**
   * So that the server notices when the program's node is gone. A client_connection_check_interval
   * would leave an invalid index behind each pod that is killed while it builds one concurrently.
   */
  private static final String WATCHFUL =
      "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

  Map<String, String> variables() {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PGHOST", settings.host());
    variables.put("PGPORT", Integer.toString(settings.port()));
    variables.put("PGDATABASE", settings.database());
    variables.put("PGUSER", settings.username());
    variables.put("PGPASSWORD", settings.password().value());
    variables.put("PGSSLMODE", settings.sslMode().toString());
    putFile(variables, "PGSSLROOTCERT", authorities());
    putFile(variables, "PGSSLCERT", tlsFiles.certificate());
    putFile(variables, "PGSSLKEY", tlsFiles.key());
    variables.put("PGAPPNAME", ProgramBackends.applicationName(order.job()));
    variables.put("PGOPTIONS", options());
    variables.put("EDITION", order.edition().toString());
    variables.put("ENVIRONMENT", order.environment().toString());
    for (var url : urls) {
      variables.put(url.variable(), url(Objects.requireNonNullElse(url.driver(), Driver.NONE)));
    }
    return variables;
  }

  private static void putFile(
      Map<String, String> variables, String variable, @Nullable String file) {
    if (file != null) {
      variables.put(variable, file);
    }
  }

  /** For an ini file, by the name of the driver in SQLAlchemy's URLs; none: the empty name. */
  Map<String, String> urlsByDriver() {
    var byDriver = new LinkedHashMap<String, String>();
    for (var driver : Driver.values()) {
      byDriver.put(driver == Driver.NONE ? "" : driver.toString(), url(driver));
    }
    return byDriver;
  }

  /** The same, but each for the driver of the user's own variables, where they name one. */
  Map<String, String> urlsOfOwnDriver() {
    var byDriver = urlsByDriver();
    urls.stream()
        .map(UrlVariable::driver)
        .filter(it -> it != null && it != Driver.NONE)
        .findFirst()
        .ifPresent(driver -> byDriver.replaceAll((_, _) -> url(driver)));
    return byDriver;
  }

  private String url(Driver driver) {
    return new DatabaseUrl(settings, authorities()).of(driver);
  }

  /** Given to libpq below verify-ca, the system's certificates would be checked all the same. */
  private @Nullable String authorities() {
    var least = settings.caPem() == null ? SslMode.VERIFY_CA : SslMode.REQUIRE;
    return settings.sslMode().compareTo(least) >= 0 ? tlsFiles.authorities() : null;
  }

  private String options() {
    var options = new StringBuilder(WATCHFUL);
    if (settings.role() != null) {
      option(options, "role", settings.role());
    }
    if (!searchPath.isEmpty()) {
      var quoted = searchPath.stream().map(it -> '"' + it.replace("\"", "\"\"") + '"').toList();
      option(options, "search_path", String.join(",", quoted));
    }
    return options.toString();
  }

  /** A space or a backslash in a value has a backslash before it. */
  private static void option(StringBuilder options, String name, String value) {
    options
        .append(" -c ")
        .append(name)
        .append('=')
        .append(value.replaceAll("([\\\\\\s])", "\\\\$1"));
  }
}
