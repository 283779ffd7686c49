package io.tunetrail.operator.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What squawk 2.70.0 printed for a case, kept in the case's folder beside the digest of what it was
 * asked, since {@code mvn} needs no more than a JDK. {@code -Dsquawk=FILE} asks the program itself,
 * and with {@code -Dgolden=write} keeps what it prints.
 *
 * @param real null where there is no program
 */
record RecordedSquawk(Path folder, Squawk.@Nullable Program real) implements Squawk.Program {

  static RecordedSquawk of(Path folder) {
    var file = System.getProperty("squawk");
    return new RecordedSquawk(folder, file == null ? null : new SquawkProcess(Path.of(file)));
  }

  @Override
  public String output(List<String> arguments, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    var kind = kind(arguments);
    var record = folder.resolve(kind);
    if (real != null) {
      var said = real.output(arguments, files);
      if ("write".equals(System.getProperty("golden"))) {
        Files.writeString(record, said);
        Files.writeString(asked(kind), digest(arguments, files));
        keep(kind, files);
      }
      return said;
    }
    assertThat(asked(kind))
        .as("what squawk was asked when %s was recorded; record it anew", record)
        .hasContent(digest(arguments, files));
    return Files.readString(record);
  }

  /** For the scenario that asks the image's own program. */
  private void keep(String kind, Map<String, byte[]> files) throws IOException {
    var first = files.get("script-000000.sql");
    if (first != null) {
      Files.write(folder.resolve(kind + ".sql"), first);
    }
  }

  private Path asked(String kind) {
    return folder.resolve(kind + ".asked");
  }

  private static String kind(List<String> arguments) {
    return arguments.contains("--version")
        ? "squawk-version.txt"
        : arguments.contains("parse") ? "squawk-parse.txt" : "squawk-lint.json";
  }

  private static String digest(List<String> arguments, Map<String, byte[]> files) {
    var asked = new Digest().add(arguments.toString());
    files.forEach((name, text) -> asked.add(name).add(new String(text, StandardCharsets.UTF_8)));
    return asked.toString();
  }
}
