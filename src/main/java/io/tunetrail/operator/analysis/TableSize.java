package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How large a table of the live database is, with its partitions.
 *
 * @param table schema-qualified
 * @param bytes with indexes and what is stored aside
 * @param rows as the server estimates; null where the table was never analysed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableSize(String table, long bytes, @Nullable Long rows) {
  /** What a server reads or writes in well under a second. */
  static final long SMALL_BYTES = 10_000_000;

  static final long SMALL_ROWS = 10_000;

  /** Whether those who wait for a scan or a copy of it notice. */
  public boolean large() {
    return bytes >= SMALL_BYTES || (rows != null && rows >= SMALL_ROWS);
  }

  /** For example {@code public.songs (25 MB, about 120,000 rows)}. */
  String inWords() {
    var size =
        bytes < 1_000_000
            ? "%,d kB".formatted((bytes + 999) / 1000)
            : "%,d MB".formatted(bytes / 1_000_000);
    return rows == null
        ? "%s (%s)".formatted(table, size)
        : "%s (%s, about %,d rows)".formatted(table, size, rows);
  }
}
