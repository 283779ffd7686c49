package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement as squawk reads it.
 *
 * @param unread whether it could not make sense of it
 * @param kinds its own names of statements, for example {@code ALTER_TABLE}: one, or more where
 *     several were planned as one
 * @param everyRow names of these that are a DELETE or UPDATE without WHERE, wherever they stand
 * @param cascades whether CASCADE stands anywhere
 * @param calls whether it calls a function
 * @param tables the relations named, as they are written
 * @param reports what its rules say
 * @param lock the strongest that its rules tell of; null for none
 */
public record Linted(
    boolean unread,
    List<String> kinds,
    List<String> everyRow,
    boolean cascades,
    boolean calls,
    List<String> tables,
    List<Report> reports,
    @Nullable String lock) {
  private static final Set<String> CODE = Set.of("DO", "CALL");

  /** Kinds that change nothing but one database, and that PostgreSQL may refuse in transactions. */
  private static final Set<String> WITHIN_DATABASE =
      Set.of(
          "CREATE_INDEX",
          "DROP_INDEX",
          "REINDEX",
          "ALTER_TABLE",
          "ALTER_TYPE",
          "VACUUM",
          "CLUSTER");

  /**
   * What a rule says.
   *
   * @param line of the file, from 0
   * @param help what to write instead; null where the rule has no advice
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Report(
      String file,
      int line,
      @JsonProperty("line_end") int lineEnd,
      @JsonProperty("column_end") int columnEnd,
      String message,
      @Nullable String help,
      @JsonProperty("rule_name") String rule) {

    /** Whether both are about one clause. */
    boolean endsWith(Report other) {
      return lineEnd == other.lineEnd && columnEnd == other.columnEnd;
    }
  }

  /** Whether it runs code that is read only when it runs, and that may do anything. */
  boolean runsCode() {
    return kinds.stream().anyMatch(CODE::contains) || (is("SELECT") && calls);
  }

  boolean is(String kind) {
    return kinds.contains(kind);
  }

  /** Whether it touches the database alone that it runs in, transaction or not. */
  public boolean staysWithin() {
    return !unread && WITHIN_DATABASE.containsAll(kinds);
  }
}
