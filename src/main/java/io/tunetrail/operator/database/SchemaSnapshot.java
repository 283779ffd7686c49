package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All that users made in a database, by name: unlike {@link SchemaDescription}, which asks whether
 * tables do the same, this tells whether anything at all is otherwise than it was. It has no oids,
 * no attribute numbers, and of owners only those who are not the one who works, so that a dump's
 * restore has the same.
 *
 * @param definitions of each part of each object
 */
record SchemaSnapshot(SortedMap<Part, String> definitions) {

  /** A longer definition is kept as its digest. */
  private static final int LONGEST = 300;

  /**
   * A part of an object.
   *
   * @param object its kind and name, as in {@code table public.songs}
   * @param part as in {@code column title}; empty for the object itself
   */
  record Part(String object, String part) implements Comparable<Part> {
    private static final String OWNER = "owner";

    /** As people read it. */
    String label() {
      return part.isEmpty() ? object : object + ": " + part;
    }

    /** The name without the kind, as in {@code public.songs}. */
    String name() {
      var kinds =
          object.startsWith("materialized ")
                  || object.startsWith("partitioned ")
                  || object.startsWith("foreign ")
                  || object.startsWith("composite ")
                  || object.startsWith("range ")
              ? 2
              : 1;
      return object.split(" ", kinds + 1)[kinds];
    }

    /**
     * The name with the part's, as in {@code public.songs.title} or {@code public.songs.grant to
     * app}.
     */
    String fullName() {
      if (part.isEmpty()) {
        return name();
      }
      return name()
          + "."
          + (part.startsWith("grant to ") ? part : part.substring(part.indexOf(' ') + 1));
    }

    /** Whether it tells who owns the object. */
    boolean isOwner() {
      return part.equals(OWNER);
    }

    Part itself() {
      return new Part(object, "");
    }

    @Override
    public int compareTo(Part other) {
      int order = object.compareTo(other.object);
      return order == 0 ? part.compareTo(other.part) : order;
    }
  }

  SchemaSnapshot() {
    this(new TreeMap<>());
  }

  /**
   * Reads the catalog, in a transaction of a session that has only PostgreSQL's own names in sight.
   *
   * @param withoutTables names of tables that are an engine's own
   * @param patience throws after so long, a {@link java.sql.SQLTimeoutException} or PostgreSQL's
   *     own
   */
  static SchemaSnapshot read(
      Connection connection, Collection<String> withoutTables, Duration patience)
      throws SQLException {
    return new SnapshotReader(connection, withoutTables, patience).read();
  }

  /** Changes whenever a snapshot could; costs a fraction of it. */
  static String token(Connection connection) throws SQLException {
    return SnapshotReader.token(connection);
  }

  void add(Part part, String definition) {
    var settled = ArrayCasts.settled(definition);
    definitions.put(part, settled.length() > LONGEST ? Digest.of(settled) : settled);
  }

  /** Only those whose part fits. */
  SchemaSnapshot only(Predicate<Part> wanted) {
    var some = new TreeMap<>(definitions);
    some.keySet().removeIf(wanted.negate());
    return new SchemaSnapshot(some);
  }

  /** The same for the same objects, in whichever database they are. */
  String fingerprint() {
    var digest = new Digest();
    definitions.forEach((part, text) -> digest.add(part.object()).add(part.part()).add(text));
    return digest.toString();
  }
}
