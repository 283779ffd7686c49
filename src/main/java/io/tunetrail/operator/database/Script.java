package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.ScriptFile;
import java.io.Reader;
import java.io.StringReader;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** One of the resource's files as Flyway reads it. */
final class Script extends LoadableResource {
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final String PLACEHOLDER = "${";

  private final ScriptFile file;
  private final @Nullable ScriptFile configuration;

  Script(ScriptFile file, @Nullable ScriptFile configuration) {
    this.file = file;
    this.configuration = configuration;
  }

  /** Digest of everything in the file and its configuration. */
  String contentDigest() {
    return Digest.of(file.content(), configuration == null ? null : configuration.content());
  }

  /** Null where no file configures it. */
  @Nullable String configuration() {
    return configuration == null ? null : configuration.content();
  }

  /** Whether Flyway could replace something in it. */
  boolean mentionsPlaceholder() {
    return file.content().contains(PLACEHOLDER);
  }

  String content() {
    return file.content();
  }

  boolean isBlank() {
    return sql().isBlank();
  }

  @Override
  public Reader read() {
    return new StringReader(sql());
  }

  @Override
  public String getAbsolutePath() {
    return file.name();
  }

  @Override
  public String getAbsolutePathOnDisk() {
    return file.name();
  }

  @Override
  public String getFilename() {
    return file.fileName();
  }

  @Override
  public String getRelativePath() {
    return file.name();
  }

  /** Editors write a mark that PostgreSQL takes for a syntax error. */
  private String sql() {
    var content = file.content();
    return content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content;
  }
}
