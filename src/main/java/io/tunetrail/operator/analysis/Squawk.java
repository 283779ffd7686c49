package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The linter squawk, which reads SQL by a grammar of PostgreSQL's language. It needs no network.
 *
 * @param program how it is run
 */
public record Squawk(Program program) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Neither a file of settings that lies about, nor one of the user's. */
  private static final List<String> NO_SETTINGS = List.of("--config", "/dev/null");

  /** A run of it. */
  interface Program {

    /**
     * What it prints.
     *
     * @param files the files of its working folder, by name
     */
    String output(List<String> arguments, Map<String, byte[]> files)
        throws IOException, InterruptedException;
  }

  /** The operator's image's. */
  public static Squawk installed() {
    return at(Path.of("/usr/bin/squawk"));
  }

  /** That of a file. */
  public static Squawk at(Path file) {
    return new Squawk(new SquawkProcess(file));
  }

  /**
   * What it says of a plan; never fails: where the program is missing or doesn't answer, that is
   * the answer.
   *
   * @param serverMajor of the live database, for example 17
   */
  public Lint read(List<PlannedStatement> statements, int serverMajor) throws InterruptedException {
    if (statements.isEmpty()) {
      return new Lint.Read("squawk", List.of());
    }
    var files = new SquawkFiles(statements);
    try {
      var marks = SyntaxMarks.parse(program.output(parsing(files), files.scripts()));
      if (marks.size() != files.scripts().size()) {
        return new Lint.Unavailable(
            "it read %d of %d scripts".formatted(marks.size(), files.scripts().size()));
      }
      var reports = program.output(linting(serverMajor), files.uncommented(marks));
      var version = program.output(List.of("--version"), Map.of()).strip();
      return new Lint.Read(
          version, files.linted(marks, JSON.readValue(reports, new TypeReference<>() {})));
    } catch (JsonProcessingException e) {
      return new Lint.Unavailable("its answer is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return new Lint.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> parsing(SquawkFiles files) {
    var arguments = new java.util.ArrayList<>(NO_SETTINGS);
    arguments.addAll(List.of("--debug", "parse"));
    arguments.addAll(files.scripts().keySet());
    return arguments;
  }

  private static List<String> linting(int serverMajor) {
    var arguments = new java.util.ArrayList<>(NO_SETTINGS);
    arguments.addAll(
        List.of(
            "--reporter",
            "json",
            "--assume-in-transaction",
            "--pg-version",
            Integer.toString(serverMajor),
            "*.sql"));
    return arguments;
  }
}
