package io.tunetrail.operator.database;

import io.tunetrail.operator.analysis.TableLock;
import io.tunetrail.operator.analysis.Trace.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The relations of users as a moment of a scratch database has them.
 *
 * @param relations by oid
 * @param columns by the relation's oid and their number
 */
record TracedCatalog(Map<Long, Relation> relations, Map<Long, Map<Integer, String>> columns) {
  /** Weakest first. */
  private static final List<String> MODES =
      List.of(
          "ROW SHARE",
          "ROW EXCLUSIVE",
          "SHARE UPDATE EXCLUSIVE",
          "SHARE",
          "SHARE ROW EXCLUSIVE",
          "EXCLUSIVE",
          "ACCESS EXCLUSIVE");

  private static final String STRONGEST = MODES.getLast();
  private static final String OF_WRITERS = "ROW EXCLUSIVE";
  private static final int MOST_CHANGES = 50;

  private static final String RELATIONS =
      """
      SELECT c.oid::pg_catalog.int8, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind,
        c.relfilenode::pg_catalog.int8
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'
      """;

  private static final String COLUMNS =
      """
      SELECT a.attrelid::pg_catalog.int8, a.attnum, pg_catalog.quote_ident(a.attname)
      FROM pg_catalog.pg_attribute a
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (?::pg_catalog.oid[])
      """;

  private static final String HELD =
      """
      SELECT l.relation::pg_catalog.int8, l.mode FROM pg_catalog.pg_locks l
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
        AND l.mode <> 'AccessShareLock'
      """;

  /** Roles, databases and the like; who depends on them is noted with each object that is made. */
  private static final String WRITES_FOR_ALL =
      """
      SELECT pg_catalog.count(*) > 0
      FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
        AND c.relisshared AND c.relkind = 'r' AND c.relname <> 'pg_shdepend'
        AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
      """;

  /**
   * A relation.
   *
   * @param name schema-qualified, as SQL writes it
   * @param kind as in pg_class
   * @param file changes when it is written anew
   */
  record Relation(String name, String kind, long file) {
    private static final Set<String> STORED = Set.of("r", "m");
    private static final Set<String> HOLDING_DATA = Set.of("r", "p", "S");

    String inWords() {
      var word =
          switch (kind) {
            case "m" -> "materialized view ";
            case "v" -> "view ";
            case "f" -> "foreign table ";
            case "S" -> "sequence ";
            default -> "table ";
          };
      return word + name;
    }

    boolean isSequence() {
      return kind.equals("S");
    }

    boolean isStored() {
      return STORED.contains(kind);
    }

    boolean holdsData() {
      return HOLDING_DATA.contains(kind);
    }
  }

  /** All that there is. */
  static TracedCatalog read(Connection connection) throws SQLException {
    return SearchPath.trusted(
        connection,
        it -> {
          var relations = readRelations(it);
          return new TracedCatalog(relations, readColumns(it, relations.keySet()));
        });
  }

  /**
   * The moment after a statement.
   *
   * @param held its locks: columns go or change their names under the strongest alone
   */
  TracedCatalog after(Connection connection, Map<Long, Set<String>> held) throws SQLException {
    var touched =
        held.entrySet().stream()
            .filter(it -> it.getValue().contains(STRONGEST))
            .map(Map.Entry::getKey)
            .toList();
    return SearchPath.trusted(
        connection,
        it -> {
          var now = new HashMap<>(columns);
          touched.forEach(now::remove);
          now.putAll(readColumns(it, touched));
          return new TracedCatalog(readRelations(it), now);
        });
  }

  private static Map<Long, Relation> readRelations(Connection connection) throws SQLException {
    var relations = new HashMap<Long, Relation>();
    try (var query = connection.prepareStatement(RELATIONS)) {
      for (var entry :
          Rows.all(
              query,
              row ->
                  Map.entry(
                      row.getLong(1),
                      new Relation(row.getString(2), row.getString(3), row.getLong(4))))) {
        relations.put(entry.getKey(), entry.getValue());
      }
    }
    return relations;
  }

  private static Map<Long, Map<Integer, String>> readColumns(
      Connection connection, Collection<Long> relations) throws SQLException {
    var columns = new HashMap<Long, Map<Integer, String>>();
    try (var query = connection.prepareStatement(COLUMNS)) {
      query.setArray(1, connection.createArrayOf("int8", relations.toArray()));
      for (var column :
          Rows.all(query, row -> new Column(row.getLong(1), row.getInt(2), row.getString(3)))) {
        columns
            .computeIfAbsent(column.relation(), _ -> new HashMap<>())
            .put(column.number(), column.name());
      }
    }
    return columns;
  }

  private record Column(long relation, int number, String name) {}

  /** Whether this transaction wrote what all databases of the server share. */
  static boolean writesForAll(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(WRITES_FOR_ALL)) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  /** The locks that this transaction holds on each relation, but for ACCESS SHARE. */
  static Map<Long, Set<String>> held(Connection connection) throws SQLException {
    var held = new HashMap<Long, Set<String>>();
    try (var query = connection.prepareStatement(HELD)) {
      for (var lock :
          Rows.all(query, row -> Map.entry(row.getLong(1), inWords(row.getString(2))))) {
        held.computeIfAbsent(lock.getKey(), _ -> new HashSet<>()).add(lock.getValue());
      }
    }
    return held;
  }

  /** {@code AccessExclusiveLock} is {@code ACCESS EXCLUSIVE} in SQL. */
  private static String inWords(String mode) {
    return mode.replaceFirst("Lock$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(Locale.ROOT);
  }

  private static String strongest(Set<String> modes) {
    return Collections.max(modes, Comparator.comparingInt(MODES::indexOf));
  }

  /** The strongest on each table of this moment, which is before the statement; by name. */
  List<TableLock> locks(Map<Long, Set<String>> held) {
    return tables(held)
        .map(
            it ->
                new TableLock(
                    strongest(held.getOrDefault(it.getKey(), Set.of())), it.getValue().name()))
        .sorted(Comparator.comparing(it -> String.valueOf(it.table())))
        .toList();
  }

  /** The tables of this moment whose rows were written. */
  List<String> written(Map<Long, Set<String>> held) {
    return tables(held)
        .filter(it -> held.getOrDefault(it.getKey(), Set.of()).contains(OF_WRITERS))
        .map(it -> it.getValue().name())
        .sorted()
        .toList();
  }

  private Stream<Map.Entry<Long, Relation>> tables(Map<Long, Set<String>> held) {
    return relations.entrySet().stream()
        .filter(it -> held.containsKey(it.getKey()) && !it.getValue().isSequence());
  }

  /** What of this moment has other files later. */
  List<String> newStorage(TracedCatalog later) {
    return relations.entrySet().stream()
        .filter(it -> it.getValue().isStored())
        .filter(
            it -> {
              var then = later.relations.get(it.getKey());
              return then != null && then.file() != it.getValue().file();
            })
        .map(it -> it.getValue().name())
        .sorted()
        .toList();
  }

  /** What of this moment, the first, a statement between two later ones has dropped or renamed. */
  List<Change> changes(TracedCatalog before, TracedCatalog after) {
    return relations.keySet().stream()
        .filter(before.relations::containsKey)
        .sorted()
        .flatMap(oid -> changes(oid, before, after))
        .limit(MOST_CHANGES)
        .toList();
  }

  private Stream<Change> changes(long oid, TracedCatalog before, TracedCatalog after) {
    var was = Objects.requireNonNull(before.relations.get(oid));
    var is = after.relations.get(oid);
    if (is == null) {
      return Stream.of(new Change(was.inWords(), null, was.holdsData()));
    }
    var changes = new ArrayList<Change>();
    if (!is.name().equals(was.name())) {
      changes.add(new Change(was.inWords(), is.name(), was.holdsData()));
    }
    var first = columns.getOrDefault(oid, Map.of());
    var then = after.columns.getOrDefault(oid, Map.of());
    before
        .columns
        .getOrDefault(oid, Map.of())
        .forEach(
            (number, name) -> {
              var now = then.get(number);
              if (first.containsKey(number) && !name.equals(now)) {
                changes.add(
                    new Change("column %s.%s".formatted(was.name(), name), now, was.holdsData()));
              }
            });
    return changes.stream();
  }
}
