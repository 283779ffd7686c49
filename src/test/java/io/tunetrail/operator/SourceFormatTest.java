package io.tunetrail.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** All Java is formatted by google-java-format; {@code -Dformat=write} formats it. */
class SourceFormatTest {
  private final Formatter formatter = new Formatter();

  @Test
  void every_source_is_formatted() throws IOException {
    var unformatted = new ArrayList<Path>();
    try (var sources = Files.walk(Path.of("src"))) {
      sources
          .filter(it -> it.toString().endsWith(".java"))
          .forEach(
              source -> {
                if (!formatted(source)) {
                  unformatted.add(source);
                }
              });
    }
    assertThat(unformatted).as("run mvn test -Dtest=SourceFormatTest -Dformat=write").isEmpty();
  }

  private boolean formatted(Path source) {
    try {
      var text = Files.readString(source);
      var wanted = format(text);
      if ("write".equals(System.getProperty("format")) && !wanted.equals(text)) {
        Files.writeString(source, wanted);
        return true;
      }
      return wanted.equals(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new IllegalStateException(source + " is not Java", e);
    }
  }

  private String format(String text) throws FormatterException {
    var ordered =
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.GOOGLE);
    return formatter.formatSource(ordered);
  }
}
