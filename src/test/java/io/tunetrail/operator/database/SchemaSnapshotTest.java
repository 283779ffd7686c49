package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class SchemaSnapshotTest {
  private static final String APPLICATION = "snapshot_reader";

  /** One of each kind. */
  private static final String ALL =
      """
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
      CREATE TYPE place AS (x int, y int);
      CREATE TYPE ages AS RANGE (subtype = int);
      CREATE SEQUENCE tickets START 5;
      CREATE TABLE users (
        id serial PRIMARY KEY,
        name varchar(20) NOT NULL UNIQUE,
        state varchar DEFAULT 'on' CHECK (state IN ('on', 'off')),
        twice int GENERATED ALWAYS AS (id * 2) STORED,
        mood mood);
      CREATE TABLE plays (
        id int GENERATED ALWAYS AS IDENTITY,
        "user" int REFERENCES users ON DELETE CASCADE,
        at timestamptz DEFAULT now()) PARTITION BY RANGE (at);
      CREATE TABLE plays_1 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE INDEX users_by_name ON users (lower(name)) WHERE state IN ('on', 'off');
      CREATE INDEX plays_by_user ON plays ("user");
      CREATE VIEW active AS SELECT id, name FROM users WHERE state IN ('on', 'paused');
      CREATE MATERIALIZED VIEW names AS SELECT name FROM users;
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE PROCEDURE tidy(n int) LANGUAGE sql AS 'DELETE FROM plays WHERE id < n';
      CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
      CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE RULE keep AS ON DELETE TO users DO INSTEAD NOTHING;
      ALTER TABLE users ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON users FOR SELECT USING (name = current_user);
      GRANT SELECT, INSERT ON users TO snapshot_reader;
      GRANT SELECT (id) ON plays TO snapshot_reader;
      CREATE SCHEMA app;
      GRANT USAGE ON SCHEMA app TO snapshot_reader;
      COMMENT ON TABLE users IS 'who listens';
      COMMENT ON COLUMN users.name IS 'as it is shown';
      COMMENT ON CONSTRAINT users_pkey ON users IS 'never given twice';
      COMMENT ON VIEW active IS 'who listens now';
      """;

  private final TestDatabase database = TestDatabase.create();

  private static void make(TestDatabase database) {
    if (TestPostgres.start()
        .query("SELECT 1 FROM pg_roles WHERE rolname = '" + APPLICATION + "'")
        .isEmpty()) {
      TestPostgres.start().execute("CREATE ROLE " + APPLICATION);
    }
    database.execute(ALL);
  }

  private static SchemaSnapshot read(TestDatabase database) {
    try (var connection = database.connect()) {
      SearchPath.harden(connection);
      connection.setAutoCommit(false);
      return SchemaSnapshot.read(connection, List.of(), Duration.ofSeconds(60));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token(TestDatabase database) {
    try (var connection = database.connect()) {
      SearchPath.harden(connection);
      return SchemaSnapshot.token(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What changes one kind of object, and how that is named. */
  private record Step(String sql, String named) {}

  private static Step step(String sql, String named) {
    return new Step(sql.formatted(APPLICATION), named.formatted(APPLICATION));
  }

  private static final List<Step> STEPS =
      List.of(
          step("ALTER TABLE users ADD born date", "+table public.users: column born"),
          step(
              "ALTER TABLE users ALTER born TYPE timestamp",
              "~table public.users: column born is timestamp without time zone, was date"),
          step(
              "ALTER TABLE users ALTER born SET DEFAULT now()",
              "~table public.users: column born is timestamp without time zone default now(), was"
                  + " timestamp without time zone"),
          step(
              "ALTER TABLE users ALTER mood SET NOT NULL",
              "~table public.users: column mood is public.mood not null, was public.mood"),
          step(
              "ALTER TABLE users DROP CONSTRAINT users_state_check",
              "-table public.users: constraint users_state_check"),
          step("DROP INDEX users_by_name", "-table public.users: index users_by_name"),
          step(
              "CREATE INDEX users_by_mood ON users (mood)",
              "+table public.users: index users_by_mood"),
          step(
              "CREATE OR REPLACE VIEW active AS SELECT id, name FROM users", "~view public.active"),
          step("ALTER VIEW active SET (security_barrier = true)", "~view public.active"),
          step("DROP MATERIALIZED VIEW names", "-materialized view public.names"),
          step(
              "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN"
                  + " OLD; END'",
              "~function public.touch()"),
          step("GRANT EXECUTE ON FUNCTION touch() TO %s", "+function public.touch(): grant to %s"),
          step("DROP PROCEDURE tidy", "-procedure public.tidy(IN n integer)"),
          step("DROP AGGREGATE total(int)", "-aggregate public.total(integer)"),
          step("ALTER TABLE users DISABLE TRIGGER touched", "~table public.users: trigger touched"),
          step("DROP RULE keep ON users", "-table public.users: rule keep"),
          step(
              "ALTER SEQUENCE tickets INCREMENT 2",
              "~sequence public.tickets is bigint from 5 by 2 min 1 max 9223372036854775807 cache"
                  + " 1, was bigint from 5 by 1 min 1 max 9223372036854775807 cache 1"),
          step(
              "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'happy'",
              "~enum public.mood is 'sad', 'calm', 'happy', was 'sad', 'happy'"),
          step(
              "ALTER TYPE place ADD ATTRIBUTE z int",
              "~composite type public.place is x integer, y integer, z integer, was x integer, y"
                  + " integer"),
          step(
              "ALTER DOMAIN email DROP CONSTRAINT email_check",
              "-domain public.email: constraint email_check"),
          step(
              "GRANT UPDATE ON users TO %s WITH GRANT OPTION",
              "~table public.users: grant to %s is INSERT, SELECT, UPDATE grantable, was INSERT,"
                  + " SELECT"),
          step("REVOKE ALL ON users FROM %s", "-table public.users: grant to %s"),
          step(
              "GRANT UPDATE (id) ON plays TO %s",
              "~partitioned table public.plays: column id grant to %s is SELECT, UPDATE, was"
                  + " SELECT"),
          step("DROP POLICY own ON users", "-table public.users: policy own"),
          step(
              "ALTER TABLE users FORCE ROW LEVEL SECURITY",
              "~table public.users is row level security forced, was row level security"),
          step("CREATE SCHEMA other", "+schema other"),
          step("COMMENT ON SCHEMA other IS 'of others'", "+schema other: comment"),
          step(
              "COMMENT ON TABLE users IS 'who plays'",
              "~table public.users: comment is who plays, was who listens"),
          step("COMMENT ON COLUMN users.name IS NULL", "-table public.users: column name comment"),
          step(
              "COMMENT ON INDEX plays_by_user IS 'for deleting users'",
              "+partitioned table public.plays: index plays_by_user comment"),
          step(
              "COMMENT ON TRIGGER touched ON users IS 'off'",
              "+table public.users: trigger touched comment"),
          step("COMMENT ON FUNCTION touch() IS 'does little'", "+function public.touch(): comment"),
          step("COMMENT ON TYPE place IS 'on a map'", "+composite type public.place: comment"),
          step(
              "CREATE TABLE plays_2 PARTITION OF plays FOR VALUES FROM ('2027-01-01') TO"
                  + " ('2028-01-01')",
              "+table public.plays_2"),
          step("CREATE EXTENSION pg_trgm", "+extension pg_trgm"),
          step("DROP TYPE ages", "-range type public.ages"),
          step("CREATE TABLE bands (id int PRIMARY KEY)", "+table public.bands"),
          step("DROP TABLE bands", "-table public.bands"));

  private static List<String> named(SchemaSnapshot before, SchemaSnapshot after) {
    var found = SnapshotDifferences.between(before, after);
    return Stream.of(
            found.added().stream().map(it -> "+" + it),
            found.removed().stream().map(it -> "-" + it),
            found.changed().stream().map(it -> "~" + it))
        .flatMap(it -> it)
        .toList();
  }

  @Test
  void each_kind_of_object_that_is_changed_is_named() {
    make(database);
    database
        .server()
        .execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + database.owner());
    var before = read(database);
    for (var step : STEPS) {
      var token = token(database);
      database.execute(step.sql());
      var after = read(database);

      assertThat(named(before, after)).as(step.sql()).containsExactly(step.named());
      assertThat(after.fingerprint()).as(step.sql()).isNotEqualTo(before.fingerprint());
      assertThat(token(database)).as(step.sql()).isNotEqualTo(token);
      before = after;
    }
  }

  @Test
  void another_owner_is_named_and_who_works_here_is_no_one_special() {
    make(database);
    var before = read(database);
    var token = token(database);
    database.server().execute(database.name(), "ALTER FUNCTION touch() OWNER TO " + APPLICATION);

    assertThat(named(before, read(database))).containsExactly("+function public.touch(): owner");
    assertThat(token(database)).isNotEqualTo(token);
    database.execute("CREATE SCHEMA tunetrail; CREATE TABLE tunetrail.history (id int)");
    database
        .server()
        .execute(
            database.name(), "REASSIGN OWNED BY %s TO %s".formatted(APPLICATION, database.owner()));
    assertThat(read(database).fingerprint()).isEqualTo(before.fingerprint());
  }

  @Test
  void rows_and_what_the_server_does_by_itself_change_nothing() throws SQLException {
    make(database);
    var before = read(database);
    var token = token(database);
    database.execute(
        """
        INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 5000) i;
        SELECT nextval('tickets');
        CREATE TEMPORARY TABLE mine (id int);
        """);
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE users");
    }

    assertThat(read(database).fingerprint()).isEqualTo(before.fingerprint());
    assertThat(token(database)).isEqualTo(token);
  }

  @Test
  void what_is_not_users_own_is_left_out() {
    var before = read(database);
    database.execute(
        """
        CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY);
        CREATE SCHEMA app;
        CREATE TABLE app.alembic_version (version_num text);
        CREATE SCHEMA tunetrail;
        CREATE TABLE tunetrail.history (id int);
        """);

    assertThat(named(before, read(database))).containsExactly("+schema app");
  }

  /** Expressions that people write; some of them PostgreSQL spells otherwise after a restore. */
  private static final List<String> EXPRESSIONS =
      List.of(
          "code IN ('a', 'b')",
          "code NOT IN ('it''s', 'a, b]', 'c)')",
          "short IN ('x', 'y')",
          "fixed IN ('x', 'y')",
          "note IN ('x', 'y')",
          "number IN (1, 2, 3)",
          "amount IN (1.5, 2)",
          "code LIKE ANY (ARRAY['a%', 'b%'])",
          "lower(code) IN ('a', 'b') OR code IS NULL",
          "code || short IN ('ab', 'cd')",
          "(code IN ('a', 'b') AND short IN ('x', 'y')) OR number > -1",
          "code = ANY (ARRAY['a', 'b']::varchar[])",
          "amount > 0 AND amount < 1e6",
          "number BETWEEN 1 AND 10",
          "at > '2020-01-01 00:00:00+02'",
          "at AT TIME ZONE 'utc' > '2020-01-01'",
          "extract(year FROM at) > 2000",
          "day > DATE '2020-02-03' AND day - interval '1 day 02:00' < now()",
          "code SIMILAR TO '[a-z]+' OR code ~* '^x'",
          "CASE WHEN number > 1 THEN code ELSE 'none' END <> ''",
          "coalesce(code, 'x') <> ALL (ARRAY['p', 'q'])",
          "length(trim(both FROM code)) > 0",
          "data ->> 'kind' IN ('a', 'b')",
          "(number, amount) <> (1, 2)",
          "number IS DISTINCT FROM 3",
          "tags <@ ARRAY['a', 'b']::text[]",
          "substring(code FROM 1 FOR 2) IN ('ab', 'cd')");

  private static final String COLUMNS =
      """
      CREATE TABLE t (gone int, code varchar, short varchar(10), fixed char(3), note text, number int,
        amount numeric(10, 2), at timestamptz, day date, data jsonb, tags text[]);
      ALTER TABLE t DROP COLUMN gone;
      """;

  private static String ddl() {
    var sql = new StringBuilder(COLUMNS);
    for (int i = 0; i < EXPRESSIONS.size(); i++) {
      var expression = EXPRESSIONS.get(i);
      sql.append("ALTER TABLE t ADD CONSTRAINT c%d CHECK (%s);".formatted(i, expression));
      sql.append(
          "CREATE VIEW v%d AS SELECT number, %s AS it FROM t WHERE %s;"
              .formatted(i, expression, expression));
      sql.append(
          "ALTER TABLE t ADD d%d boolean DEFAULT ('a'::varchar IN ('a', 'b'));".formatted(i));
      sql.append("CREATE POLICY p%d ON t USING (%s);".formatted(i, expression));
    }
    return sql
        + """
        CREATE INDEX partial ON t (number) WHERE code IN ('a', 'b');
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.code IN ('a', 'b')) EXECUTE FUNCTION f();
        """;
  }

  /** As pg_dump does: what the catalog says, as statements. */
  private static String dump(TestDatabase database) {
    var sql =
        new StringBuilder(COLUMNS.replace("gone int, ", "").replaceAll("ALTER TABLE t DROP.*", ""));
    for (var query :
        List.of(
            "SELECT format('ALTER TABLE t ADD %I boolean DEFAULT %s', a.attname,"
                + " pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON"
                + " a.attrelid = d.adrelid AND a.attnum = d.adnum",
            "SELECT format('ALTER TABLE t ADD CONSTRAINT %I %s', conname,"
                + " pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = 't'::regclass"
                + " AND contype = 'c'",
            "SELECT pg_get_indexdef('partial'::regclass)",
            "SELECT format('CREATE VIEW %I AS %s', relname, rtrim(pg_get_viewdef(oid), ';')) FROM"
                + " pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace",
            "SELECT format('CREATE POLICY %I ON t USING (%s)', polname, pg_get_expr(polqual,"
                + " polrelid)) FROM pg_policy",
            "SELECT pg_get_functiondef('f'::regproc)",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")) {
      database.query(query).forEach(it -> sql.append(it).append(";\n"));
    }
    return sql.toString();
  }

  @Test
  void a_dump_that_is_restored_has_the_same_fingerprint_and_so_has_the_dump_of_that() {
    database.execute(ddl());
    var restored = TestDatabase.create();
    restored.execute(dump(database));
    var twice = TestDatabase.create();
    twice.execute(dump(restored));

    assertThat(dump(restored)).as("PostgreSQL spells it otherwise").isNotEqualTo(dump(database));
    assertThat(named(read(database), read(restored))).isEmpty();
    assertThat(read(restored).fingerprint()).isEqualTo(read(database).fingerprint());
    assertThat(read(twice).fingerprint()).isEqualTo(read(database).fingerprint());
  }

  @Test
  void the_same_objects_made_in_another_order_by_another_owner_have_the_same_fingerprint() {
    make(database);
    var other = TestDatabase.create();
    other.execute("CREATE TABLE gone (id int); DROP TABLE gone;");
    make(other);
    other.execute(
        "REVOKE ALL ON users FROM %1$s; GRANT INSERT ON users TO %1$s; GRANT SELECT ON users TO %1$s"
            .formatted(APPLICATION));

    assertThat(read(other).fingerprint()).isEqualTo(read(database).fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = ANY (ARRAY['(ARRAY[x])::text[]'::text])",
        "'(ARRAY[' || a",
        "a = \"(ARRAY[\"",
        "(ARRAY[1, 2])::public.\"odd:[]\"",
        "(ARRAY[1, 2",
      })
  void what_only_looks_like_a_cast_of_an_array_stays_as_it_is(String expression) {
    assertThat(ArrayCasts.settled(expression)).isEqualTo(expression);
  }
}
