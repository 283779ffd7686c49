package io.tunetrail.operator.engine;

import java.util.Comparator;
import java.util.List;

/** All files of a resource, in the order of its ConfigMaps, by name within each. */
public record ScriptSet(List<ScriptFile> files) implements Scripts {
  /** Of a resource whose scripts are not known yet, or that has none. */
  public static final ScriptSet NONE = new ScriptSet(List.of());

  public ScriptSet {
    files =
        files.stream()
            .sorted(Comparator.comparingInt(ScriptFile::source).thenComparing(ScriptFile::name))
            .toList();
  }

  /**
   * What a Job is started for and finds mounted again: {@code sha256:} over order, names and
   * contents.
   */
  @Override
  public String digest() {
    var digest = new Digest();
    for (var file : files) {
      digest.add(Integer.toString(file.source())).add(file.name()).add(file.content());
    }
    return digest.toString();
  }
}
