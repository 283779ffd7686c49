package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.CatalogDescription;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies beside an archive and tells what is in it, as JSON. Times are RFC 3339.
 *
 * @param format of the manifest itself
 * @param resource namespace/name
 * @param archive the archive's file
 * @param archiveFormat as pg_restore has it; a directory is stored as a tar of its files
 * @param compression as pg_dump was told
 * @param tool that wrote it, as it calls itself
 * @param content null where a manifest of another format does not say
 * @param tables rows of the same snapshot
 * @param sha256 of the archive, in hexadecimal
 * @param started when the snapshot was taken
 * @param catalog of the same snapshot; null where an earlier version of this program wrote it
 * @param encryption of the archive, whose size and SHA-256 are those of what is stored; null: none
 * @param jobs sessions that dumped it at once; null: one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record Manifest(
    int format,
    String name,
    String resource,
    String job,
    String archive,
    String archiveFormat,
    String compression,
    String tool,
    @Nullable DatabaseContent content,
    List<TableRows> tables,
    long sizeBytes,
    String sha256,
    String started,
    String finished,
    @Nullable CatalogDescription catalog,
    @Nullable Encryption encryption,
    @Nullable Integer jobs) {
  static final int FORMAT = 1;

  /** So many restore one that one session dumped. */
  private static final int SESSIONS = 2;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * How an archive is encrypted.
   *
   * @param recipients the public keys whose owners can open it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Encryption(String format, List<String> recipients) {
    /** The format's own name for itself. */
    static final String AGE = "age-encryption.org/v1";

    String named() {
      return String.join(", ", recipients);
    }
  }

  /** Whether its files must be unpacked before pg_restore can read them. */
  boolean isDirectory() {
    return PgDump.DIRECTORY.equals(archiveFormat);
  }

  /** Sessions that restore it at once, if it is large. */
  int sessions() {
    return jobs == null ? SESSIONS : jobs;
  }

  /** Whether that is what was stored. */
  boolean isOf(Written stored) {
    return stored.bytes() == sizeBytes && stored.sha256().equals(sha256);
  }

  /**
   * Throws {@link IllegalArgumentException} for one that a newer release wrote: what it means is
   * not known, so that its archive is neither restored nor removed.
   */
  static Manifest parse(String text) throws JsonProcessingException {
    var manifest = JSON.readValue(text, Manifest.class);
    if (manifest.format() > FORMAT) {
      throw new IllegalArgumentException("a manifest of format " + manifest.format());
    }
    return manifest;
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
