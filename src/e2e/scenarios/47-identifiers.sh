#!/bin/bash
# Fault 46: names that PostgreSQL takes in quotes only, for a database, its login, its role, its schema and its history.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

FLYWAY='od"d; DROP TABLE x; --'"'"' flyway'
ALEMBIC_NAME='od"d; DROP TABLE x; --'"'"' alembic'
TEAM='te"am; RESET ROLE; --'

# The names stand in files of the container's, so that nothing but psql's own quoting touches them.
databases_with_such_names() {
  local name
  for name in "$FLYWAY" "$ALEMBIC_NAME"; do
    psql_script pg17 << SQL
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', \$n\$$name\$n\$) \gexec
SELECT format('CREATE ROLE %I', r) FROM unnest(ARRAY[\$n\$$name\$n\$, \$n\$$TEAM\$n\$]) r WHERE to_regrole(quote_ident(r)) IS NULL \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD ''secret''', \$n\$$name\$n\$) \gexec
SELECT format('GRANT %I TO %I', \$n\$$TEAM\$n\$, \$n\$$name\$n\$) \gexec
SELECT format('CREATE DATABASE %I OWNER %I', \$n\$$name\$n\$, \$n\$$TEAM\$n\$) \gexec
SQL
  done
}

secret() {
  kc create secret generic "$1" --namespace="$NAMESPACE" --from-literal=host=pg17.databases --from-literal=port=5432 \
    --from-literal=database="$2" --from-literal=username="$2" --from-literal=password=secret > /dev/null
}

connection() { printf '{secretRef: {name: %s}, role: %s}' "$1" "$(jq --null-input --arg role "$TEAM" '$role')"; }

fault_46_odd_names_are_quoted() {
  secret by-flyway "$FLYWAY"
  secret by-alembic "$ALEMBIC_NAME"
  {
    scripts by-flyway V1__songs.sql='CREATE TABLE songs (id int);' V2__more.sql='ALTER TABLE songs ADD title text;'
    resource by-flyway << YAML
edition: commercial
environment: staging
connection: $(connection by-flyway)
schema: {flyway: {configMaps: [{name: by-flyway}], defaultSchema: 'two schema words', table: 'histöry, of Flyway'}}
YAML
    resource by-alembic << YAML
edition: saas
environment: staging
connection: $(connection by-alembic)
schema: {alembic: {image: "localhost/app/soleil:2", workingDirectory: /app}}
YAML
  } | apply
  await 120 "Flyway migrates a database whose names need quotes" is_ready_at by-flyway 2
  await 120 "Alembic does" is_ready_at by-alembic 94e966246223
  expect "$(psql_as_admin pg17 "$FLYWAY" "SELECT string_agg(tableowner || ' ' || schemaname || '.' || tablename, ', ' ORDER BY tablename)
    FROM pg_tables WHERE schemaname LIKE 'two%'")" "$TEAM two schema words.histöry, of Flyway, $TEAM two schema words.songs" \
    "psql finds table and history in the schema, and the role owns them"
  expect "$(psql_as_admin pg17 "$ALEMBIC_NAME" "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables
    WHERE schemaname IN ('public', 'tunetrail')")" "$TEAM" "the role owns what Alembic made"
}

# refused_by_the_api NAME FLYWAY
refused_by_the_api() {
  local said
  if said=$(resource "$1" 2>&1 << YAML | kc apply --namespace="$NAMESPACE" --filename=- 2>&1
edition: commercial
environment: staging
connection: {secretRef: {name: by-flyway}}
schema: {flyway: {configMaps: [{name: by-flyway}], $2}}
YAML
  ); then fail "$1 is accepted"; fi
  expect_match "$said" '63 bytes' "$1 is refused when it is applied"
}

fault_46_what_is_longer_is_refused() {
  local long
  long=$(printf 'ü%.0s' {1..32})
  refused_by_the_api long-table "table: $long"
  refused_by_the_api long-schema "defaultSchema: $long"
  refused_by_the_api long-schemas "schemas: [$long]"
  { scripts quoted V1__songs.sql='SELECT 1;'; binding quoted pg17; flyway quoted staging latest; } | apply
  change quoted '{"schema":{"flyway":{"table":"a\"; DROP TABLE x"}}}'
  await 60 "a history that Flyway would not quote well is refused" says quoted InvalidScripts 'has a quote'
  secret too-long "$long"
  { scripts too-long V1__songs.sql='SELECT 1;'; flyway too-long staging latest; } | apply
  await 60 "a database's name of 64 bytes is refused" says too-long InvalidConnection 'longer than PostgreSQL.s 63 bytes'
}

fresh_namespace
new_databases pg17 quoted
databases_with_such_names
fault_46_odd_names_are_quoted
fault_46_what_is_longer_is_refused
