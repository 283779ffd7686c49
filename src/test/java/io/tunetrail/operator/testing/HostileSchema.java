package io.tunetrail.operator.testing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A schema that stands before PostgreSQL's own in the search path of a database's owner. It has an
 * operator, a function and a view for everything that our questions use; each does what the real
 * one does and notes the question that came to it.
 */
public record HostileSchema(TestDatabase database) {
  /**
   * Flyway asks in the session in which it runs the scripts, and with the search path that those
   * are written for.
   */
  private static final Pattern FLYWAYS =
      Pattern.compile(
          "(?s).* in (SELECT EXISTS \\(\\s+SELECT (c\\.oid|1)\\s.*|SELECT"
              + " pg_(try_)?advisory_(un)?lock.*)");

  private static final String RECORDER =
      """
      CREATE SCHEMA evil;
      CREATE TABLE evil.questions (shadow text, question text);
      CREATE FUNCTION evil.note(shadow text) RETURNS bool LANGUAGE plpgsql AS $note$
        BEGIN
          INSERT INTO evil.questions VALUES (shadow, pg_catalog.current_query());
          RETURN true;
        END $note$;
      """;

  private static final String OPERATORS =
      """
      DO $do$
      DECLARE o record; at int := 0;
      BEGIN
        FOR o IN
          SELECT oprname AS name, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS gives
          FROM pg_operator
          WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprkind = 'b'
            AND oprname IN ('=', '<>', '<', '>', '<=', '>=', '||', '~~', '!~~', '~', '!~', '-', '+', '*', '->>')
            AND oprleft IN ('text'::regtype, 'name'::regtype, 'oid'::regtype, 'int4'::regtype, 'int8'::regtype,
              'bool'::regtype, '"char"'::regtype, 'timestamptz'::regtype, 'interval'::regtype, 'jsonb'::regtype,
              'float8'::regtype, 'inet'::regtype)
            AND oprright::regtype::text NOT LIKE '%any%'
          UNION ALL
          SELECT '=', l::regtype, r::regtype, 'bool'::regtype
          FROM (VALUES ('name', 'varchar'), ('text', 'varchar'), ('varchar', 'varchar'), ('varchar', 'text')) v(l, r)
        LOOP
          at := at + 1;
          EXECUTE format(
            'CREATE FUNCTION evil.operator_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $f$
               BEGIN PERFORM evil.note(%L); RETURN $1 OPERATOR(pg_catalog.%s) $2; END $f$',
            at, o.l, o.r, o.gives, o.l || ' ' || o.name || ' ' || o.r, o.name);
          EXECUTE format('CREATE OPERATOR evil.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = evil.operator_%s)',
            o.name, o.l, o.r, at);
        END LOOP;
      END $do$;
      """;

  private static final String FUNCTIONS =
      """
      DO $do$
      DECLARE f record;
      BEGIN
        FOR f IN
          SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
            p.prorettype::regtype AS gives,
            (SELECT string_agg('$' || n, ', ' ORDER BY n) FROM generate_series(1, p.pronargs) n) AS given
          FROM pg_proc p
          WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset
            AND p.provariadic = 0 AND p.prorettype::regtype::text NOT LIKE 'any%'
            AND pg_get_function_identity_arguments(p.oid) NOT LIKE '%any%'
            AND p.proname IN ('now', 'clock_timestamp', 'pg_backend_pid', 'pg_try_advisory_lock',
              'pg_try_advisory_lock_shared', 'pg_advisory_unlock', 'current_schemas', 'current_setting', 'set_config',
              'current_database', 'current_schema', 'pg_is_in_recovery', 'pg_database_size', 'has_function_privilege',
              'has_table_privilege', 'has_schema_privilege', 'to_regclass', 'to_regnamespace', 'host',
              'inet_server_addr', 'inet_server_port', 'inet_client_addr', 'quote_ident', 'md5', 'starts_with',
              'substr', 'length', 'to_char', 'pg_terminate_backend', 'pg_blocking_pids', 'left', 'right',
              'gen_random_uuid', 'regexp_replace', 'pg_encoding_to_char', 'pg_has_role', 'version')
        LOOP
          EXECUTE format(
            'CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $f$
               BEGIN PERFORM evil.note(%L); RETURN pg_catalog.%I(%s); END $f$',
            f.name, f.arguments, f.gives, f.name || '()', f.name, COALESCE(f.given, ''));
        END LOOP;
      END $do$;
      """;

  private static final String VIEWS =
      """
      DO $do$
      DECLARE name text;
      BEGIN
        FOREACH name IN ARRAY ARRAY['pg_class', 'pg_namespace', 'pg_locks', 'pg_stat_activity', 'pg_database',
          'pg_roles', 'pg_settings', 'pg_extension', 'pg_index']
        LOOP
          EXECUTE format(
            'CREATE VIEW evil.%I AS SELECT c.* FROM pg_catalog.%I c, (SELECT evil.note(%L) OFFSET 0) n', name, name, name);
        END LOOP;
      END $do$;
      CREATE TABLE evil.history (id bigint, job text);
      GRANT USAGE ON SCHEMA evil TO PUBLIC;
      GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
      """;

  /** Makes it, and puts it before PostgreSQL's own schema. */
  public static HostileSchema plantIn(TestDatabase database) {
    var server = database.server();
    for (var part : List.of(RECORDER, OPERATORS, FUNCTIONS, VIEWS)) {
      server.execute(database.name(), part);
    }
    server.execute(
        "ALTER ROLE %s SET search_path = evil, public, pg_catalog".formatted(database.owner()));
    return new HostileSchema(database);
  }

  /** Our own questions that something of it answered, each with what it was. */
  public List<String> shadowed() {
    return noted().stream()
        .filter(it -> it.contains("pg_catalog.") || it.contains("tunetrail"))
        .filter(it -> !FLYWAYS.matcher(it).matches())
        .toList();
  }

  /** All questions that something of it answered. */
  public List<String> noted() {
    return database
        .query("SELECT DISTINCT shadow || ' in ' || question FROM evil.questions ORDER BY 1")
        .stream()
        .map(String::valueOf)
        .toList();
  }
}
