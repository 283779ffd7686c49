package io.tunetrail.operator.migration;

import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Three versions, each with a script that takes it back, and what a database holds of them. */
record UndoScripts(Map<String, String> files) {
  private static final Map<String, String> THREE =
      Map.of(
          "V1__songs.sql",
          "CREATE TABLE songs (id int PRIMARY KEY, title text);",
          "U1__songs.sql",
          "DROP TABLE songs;",
          "V2__artist.sql",
          "ALTER TABLE songs ADD artist text;\nCREATE INDEX songs_artist ON songs (artist);",
          "U2__artist.sql",
          "ALTER TABLE songs DROP artist;",
          "V3__year.sql",
          "ALTER TABLE songs ADD year int;",
          "U3__year.sql",
          "-- three\nALTER TABLE songs DROP year;");

  /** Everything in the user's schema, and what Flyway's history says of it. */
  private static final String CATALOG =
      """
      SELECT concat_ws(' ', table_name, column_name, data_type) FROM information_schema.columns
      WHERE table_schema = 'public'
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT concat_ws(' ', conname, contype) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype <> 't'
      UNION ALL SELECT concat_ws(' ', version, type, script, checksum, success)
      FROM flyway_schema_history
      ORDER BY 1
      """;

  static UndoScripts three() {
    return new UndoScripts(THREE);
  }

  /** With another file, or another content. */
  UndoScripts with(String name, String content) {
    var changed = new TreeMap<>(files);
    changed.put(name, content);
    return new UndoScripts(changed);
  }

  UndoScripts without(String name) {
    var changed = new TreeMap<>(files);
    changed.remove(name);
    return new UndoScripts(changed);
  }

  TestJob migrate(TestDatabase database, @Nullable String from, String to) {
    return addTo(TestJob.migrate(database)).from(from).to(to);
  }

  TestJob undo(TestDatabase database, @Nullable String from, @Nullable String to) {
    return addTo(TestJob.undo(database)).from(from).to(to);
  }

  private TestJob addTo(TestJob job) {
    files.forEach(job::script);
    return job;
  }

  static List<@Nullable String> catalog(TestDatabase database) {
    return database.query(CATALOG);
  }

  /** What a database holds that was migrated to a version and never went back. */
  static List<@Nullable String> catalogAt(String version) {
    var fresh = TestDatabase.create();
    three().migrate(fresh, null, version).run();
    return catalog(fresh);
  }

  /** The version that Flyway's history says a database has. */
  static @Nullable String version(TestDatabase database) {
    var versions =
        database.query("SELECT version FROM flyway_schema_history ORDER BY version DESC LIMIT 1");
    return versions.isEmpty() ? null : versions.getFirst();
  }
}
