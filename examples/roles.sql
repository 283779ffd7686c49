-- Three roles with no more than they need, for a database that exists, as its administrator makes them once:
--
--   psql -h pg17.databases -U postgres -d songs -v owner=songs_owner -v migrator=songs_migrator -v app=songs_app \
--     -v monitor=songs_monitor -v migrator_password=… -v app_password=… -v monitor_password=… -f roles.sql
--
--   migrator  logs in for the operator, whose spec.connection has role: songs_owner. By itself it may do nothing; what it
--             makes belongs to the owner, which nobody logs in as, so that the next login can be another.
--   app       reads and writes rows of what the owner makes, now and later, and waits for its schema. No DDL.
--   monitor   reads the histories (which version, since when, by whom) and the server's statistics: the operator measures
--             with it where spec.monitoring names it. No rows of the application's; but the text of a statement that runs,
--             as pg_stat_activity shows it to pg_read_all_stats, may have values in it.
--
-- Run it again after the first migration: only then is there a history of the engine, which the application is to read
-- and not to write. To keep passwords out of the process list, \set them in a file that an -f before this one names.

\set ON_ERROR_STOP on
\if :{?schema}
\else
\set schema public
\endif

SELECT format('CREATE ROLE %I NOLOGIN', :'owner') WHERE to_regrole(quote_ident(:'owner')) IS NULL \gexec
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY[:'migrator', :'app', :'monitor']) name WHERE to_regrole(quote_ident(name)) IS NULL \gexec
ALTER ROLE :"migrator" LOGIN NOINHERIT PASSWORD :'migrator_password';
ALTER ROLE :"app" LOGIN PASSWORD :'app_password';
ALTER ROLE :"monitor" LOGIN PASSWORD :'monitor_password';

-- NOINHERIT: the login has the owner's rights only after SET ROLE.
GRANT :"owner" TO :"migrator";

-- Every role may connect to a new database, and before PostgreSQL 15 make objects in public, until told otherwise.
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- The owner asks for the database's size, which takes CONNECT.
GRANT CONNECT ON DATABASE :"DBNAME" TO :"owner", :"migrator", :"app", :"monitor";

-- Sessions and statements of others, replicas and how far they are behind, and no more: neither settings nor logs, as
-- pg_monitor would. From PostgreSQL 16 on, who is no superuser needs the ADMIN option of pg_read_all_stats to grant it.
GRANT pg_read_all_stats TO :"monitor";

-- Both schemas are made here, so that the owner needs no CREATE on the database. Scripts that make schemas or extensions
-- need it: GRANT CREATE ON DATABASE … TO the owner.
SELECT format('CREATE SCHEMA %I', :'schema') WHERE to_regnamespace(quote_ident(:'schema')) IS NULL \gexec
CREATE SCHEMA IF NOT EXISTS tunetrail;
ALTER SCHEMA :"schema" OWNER TO :"owner";
ALTER SCHEMA tunetrail OWNER TO :"owner";

GRANT USAGE ON SCHEMA :"schema" TO :"app", :"monitor";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" TO :"app";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA :"schema" TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT USAGE ON SEQUENCES TO :"app";

-- The engine's own history, once it is there. tunetrail.history may be read by all who may connect.
SELECT format('REVOKE ALL ON %1$s FROM %2$I; GRANT SELECT ON %1$s TO %2$I, %3$I', c.oid::regclass, :'app', :'monitor')
  FROM pg_class c
  WHERE c.relnamespace = quote_ident(:'schema')::regnamespace AND c.relname IN ('flyway_schema_history', 'alembic_version')
    AND c.relkind IN ('r', 'p') \gexec
