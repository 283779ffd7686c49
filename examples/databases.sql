-- The roles and databases of the examples, as a DBA makes them once per server. A database is made where its password
-- is given, so one file serves several servers, and running it again only sets the passwords:
--
--   psql -h pg17.databases -U postgres -v karaoke_password=… -v soleil_password=… -f databases.sql
--   psql -h pg15.databases -U postgres -v karaoke_community_password=… -v tunetrail_password=… -f databases.sql
--
-- To keep passwords out of the process list, \set them in a file that an -f before this one names.

\set ON_ERROR_STOP on

-- The role owns its database because PostgreSQL 15 and newer let only the owner create objects in schema public.
-- template0 and UTF8: the encoding must not depend on the locale that the server was initialised with.
-- REVOKE: every role may connect to a new database until told otherwise.

\if :{?karaoke_community_password}
SELECT 'CREATE ROLE karaoke_community LOGIN' WHERE to_regrole('karaoke_community') IS NULL \gexec
ALTER ROLE karaoke_community PASSWORD :'karaoke_community_password';
SELECT 'CREATE DATABASE karaoke_community OWNER karaoke_community TEMPLATE template0 ENCODING UTF8'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'karaoke_community') \gexec
REVOKE ALL ON DATABASE karaoke_community FROM PUBLIC;
\endif

\if :{?karaoke_password}
SELECT 'CREATE ROLE karaoke LOGIN' WHERE to_regrole('karaoke') IS NULL \gexec
ALTER ROLE karaoke PASSWORD :'karaoke_password';
SELECT 'CREATE DATABASE karaoke OWNER karaoke TEMPLATE template0 ENCODING UTF8'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'karaoke') \gexec
REVOKE ALL ON DATABASE karaoke FROM PUBLIC;
\endif

\if :{?soleil_password}
SELECT 'CREATE ROLE soleil LOGIN' WHERE to_regrole('soleil') IS NULL \gexec
ALTER ROLE soleil PASSWORD :'soleil_password';
SELECT 'CREATE DATABASE soleil OWNER soleil TEMPLATE template0 ENCODING UTF8'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'soleil') \gexec
REVOKE ALL ON DATABASE soleil FROM PUBLIC;
\endif

\if :{?tunetrail_password}
SELECT 'CREATE ROLE tunetrail LOGIN' WHERE to_regrole('tunetrail') IS NULL \gexec
ALTER ROLE tunetrail PASSWORD :'tunetrail_password';
SELECT 'CREATE DATABASE tunetrail OWNER tunetrail TEMPLATE template0 ENCODING UTF8'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tunetrail') \gexec
REVOKE ALL ON DATABASE tunetrail FROM PUBLIC;
\endif
