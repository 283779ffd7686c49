package io.tunetrail.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file that is written for psql, run without it: its variables, and {@code \gexec} at the end of
 * a query whose rows are statements. It has no other command but those for defaults.
 */
public record PsqlScript(Path file, Map<String, String> variables) {

  /** Runs it as the superuser. */
  public void run(TestPostgres server, String database) {
    var statement = new StringBuilder();
    for (var line : lines()) {
      if (line.startsWith("--") || line.startsWith("\\")) {
        continue;
      }
      statement.append(line).append('\n');
      if (line.endsWith("\\gexec")) {
        var query = statement.toString().replace("\\gexec", "");
        server.query(database, substituted(query)).forEach(it -> server.execute(database, it));
        statement.setLength(0);
      } else if (line.endsWith(";")) {
        server.execute(database, substituted(statement.toString()));
        statement.setLength(0);
      }
    }
  }

  private Iterable<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String substituted(String sql) {
    var substituted = sql;
    for (var variable : variables.entrySet()) {
      substituted =
          substituted
              .replace(":'" + variable.getKey() + "'", "'" + variable.getValue() + "'")
              .replace(":\"" + variable.getKey() + "\"", "\"" + variable.getValue() + "\"");
    }
    return substituted;
  }
}
