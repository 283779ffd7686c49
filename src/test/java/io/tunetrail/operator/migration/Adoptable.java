package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;

/** A database whose owner may create databases, and three versions of a schema for it. */
record Adoptable(TestDatabase database) {
  static final String V1 = "CREATE TABLE songs (id int PRIMARY KEY, title varchar(200));";
  static final String V2 =
      "ALTER TABLE songs ADD artist text NOT NULL; CREATE INDEX ON songs (artist);";
  static final String V3 = "ALTER TABLE songs ADD year int;";

  /** What versions 1 and 2 make, made otherwise. */
  static final String TABLES =
      """
      CREATE TABLE IF NOT EXISTS songs (artist text NOT NULL, title character varying(200), id integer);
      ALTER TABLE songs ADD PRIMARY KEY (id);
      CREATE INDEX by_artist ON songs (artist);
      """;

  static Adoptable create() {
    var adoptable = new Adoptable(TestDatabase.create());
    adoptable.administrator("ALTER ROLE " + adoptable.database.owner() + " CREATEDB");
    return adoptable;
  }

  TestJob adoptAtTwo() {
    return threeScripts(TestJob.adopt(database, "2"));
  }

  TestJob migrate() {
    return threeScripts(TestJob.migrate(database));
  }

  private static TestJob threeScripts(TestJob job) {
    return job.script("V1__songs.sql", V1).script("V2__artist.sql", V2).script("V3__year.sql", V3);
  }

  /** Runs SQL in the database as the superuser. */
  void administrator(String sql) {
    database.server().execute(database.name(), sql);
  }

  /** Fails unless nothing was noted in the database and no scratch database is left. */
  void isUntouched() {
    assertThat(
            database.query(
                "SELECT relname FROM pg_class WHERE relname IN ('flyway_schema_history',"
                    + " 'history')"))
        .isEmpty();
    assertThat(scratchDatabases()).isEmpty();
  }

  /** Those of this database's own login or roles. */
  List<String> scratchDatabases() {
    return database
        .server()
        .query(
            "SELECT datname FROM pg_database WHERE datname LIKE 'tunetrail_scratch_%' AND"
                + " pg_get_userbyid(datdba) LIKE '"
                + database.name()
                + "\\_%'")
        .stream()
        .map(String::valueOf)
        .toList();
  }
}
