#!/bin/bash
# Connections as other operators and poolers give them: their Secrets as they are, client certificates, PgBouncer in session
# mode, one database of many services.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'

# connects NAME CONNECTION [FLYWAY]: a resource with that connection, beside a script; FLYWAY adds to schema.flyway.
connects() {
  scripts "$1" V1__songs.sql="$SONGS"
  resource "$1" << YAML
edition: commercial
environment: staging
connection: $2
schema: {flyway: {configMaps: [{name: $1}]${3:+, $3}}}
YAML
}

# only_keys NAME KEY=VALUE...: a Secret with these keys and no others.
only_keys() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\nstringData:\n' "$1"
  printf '%s\n' "${@:2}" | sed "s/\([^=]*\)=\(.*\)/  \1: '\2'/"
}

# near HOST: a Service of the resource's own namespace, as those operators make them.
near() {
  printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {type: ExternalName, externalName: pg17.databases.svc.cluster.local}\n' "$1"
}

cloudnative_pgs_app_secret_works_as_it_is() {
  {
    near cnpg-rw
    only_keys cnpg-app username=by_cnpg user=by_cnpg password=secret dbname=by_cnpg host=cnpg-rw port=5432 \
      uri="postgresql://by_cnpg:secret@cnpg-rw.$NAMESPACE:5432/by_cnpg" \
      jdbc-uri="jdbc:postgresql://cnpg-rw.$NAMESPACE:5432/by_cnpg?password=secret&user=by_cnpg" \
      fqdn-uri="postgresql://by_cnpg:secret@cnpg-rw.$NAMESPACE.svc.cluster.local:5432/by_cnpg" \
      pgpass='cnpg-rw:5432:by_cnpg:by_cnpg:secret'
    connects by-cnpg '{secretRef: {name: cnpg-app}}'
  } | apply
}

crunchys_user_secret_works_as_it_is() {
  {
    near crunchy-primary
    only_keys crunchy-pguser user=by_crunchy password=secret dbname=by_crunchy host="crunchy-primary.$NAMESPACE.svc" port=5432 \
      uri="postgresql://by_crunchy:secret@crunchy-primary.$NAMESPACE.svc:5432/by_crunchy" \
      jdbc-uri="jdbc:postgresql://crunchy-primary.$NAMESPACE.svc:5432/by_crunchy?password=secret&user=by_crunchy" \
      pgbouncer-host=nowhere pgbouncer-port=5432 'verifier=SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5'
    connects by-crunchy '{secretRef: {name: crunchy-pguser}}'
  } | apply
}

# It holds no more than who comes, so the resource says where to.
zalandos_secret_works_with_host_and_database_of_the_spec() {
  {
    near zalando
    only_keys zalando-credentials username=by_zalando password=secret
    connects by-zalando '{secretRef: {name: zalando-credentials}}'
  } | apply
  await 60 "what is missing is named" says by-zalando InvalidConnection 'no key host.*spec.connection'
  connects by-zalando '{secretRef: {name: zalando-credentials}, host: zalando, database: by_zalando}' | apply
}

# certificate NAME ROLE: a Secret of type kubernetes.io/tls that the databases' CA signed for a role.
certificate() {
  local folder
  folder=$(mktemp -d)
  kc get secret pg-authority --namespace=databases --output='jsonpath={.data.tls\.key}' | base64 -d > "$folder/ca.key"
  database_ca > "$folder/ca.crt"
  openssl req -new -newkey rsa:2048 -nodes -keyout "$folder/tls.key" -subj "/CN=$2" 2> /dev/null |
    openssl x509 -req -days 30 -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial -out "$folder/tls.crt" 2> /dev/null
  openssl rsa -in "$folder/tls.key" -traditional -out "$folder/tls.key" 2> /dev/null
  kc create secret tls "$1" --namespace="$NAMESPACE" --cert="$folder/tls.crt" --key="$folder/tls.key"
  rm -rf "$folder"
}

a_client_certificate_stands_for_a_password() {
  local role
  psql_script pg17 << 'SQL'
SELECT 'CREATE ROLE certified' WHERE to_regrole('certified') IS NULL \gexec
GRANT certified TO by_certificate, by_alembic, by_asyncpg;
SQL
  for role in by-certificate by-alembic by-asyncpg; do certificate "$role-tls" "${role//-/_}" > /dev/null; done
  {
    for role in by-certificate by-alembic by-asyncpg; do
      only_keys "$role" host=pg17.databases database="${role//-/_}" username="${role//-/_}"
    done
    connects by-certificate '{secretRef: {name: by-certificate}, caRef: {configMap: {name: pg-ca}}}'
    certified_alembic by-alembic darwin:1 psycopg
    certified_alembic by-asyncpg tunetrail:1 asyncpg 'config: migrations/alembic.ini'
  } | apply
  await 60 "without a certificate the password is asked for" says by-certificate InvalidConnection 'no key password'
  connects by-certificate '{secretRef: {name: by-certificate}, sslMode: verify-full, caRef: {configMap: {name: pg-ca}},
    clientCertificateRef: {name: by-certificate-tls}}' | apply
}

# certified_alembic NAME IMAGE DRIVER [ALEMBIC]: ALEMBIC adds to schema.alembic.
certified_alembic() {
  resource "$1" << YAML
edition: saas
environment: staging
connection:
  secretRef: {name: $1}
  sslMode: verify-full
  caRef: {configMap: {name: pg-ca}}
  clientCertificateRef: {name: $1-tls}
schema: {alembic: {image: "localhost/app/$2", workingDirectory: /app, urls: [{variable: DATABASE_URL, driver: $3}]${4:+, $4}}}
YAML
}

anothers_certificate_is_refused() {
  {
    only_keys by-another host=pg17.databases database=by_another username=by_another
    connects by-another '{secretRef: {name: by-another}, clientCertificateRef: {name: by-certificate-tls}}'
  } | apply
  psql_script pg17 <<< 'GRANT certified TO by_another;'
  await 90 "the certificate of another role is refused" says by-another AuthenticationFailed 'by_another'
}

pgbouncer_in_session_mode_works() {
  new_databases pg15 by_session
  {
    binding by-session pg15 host=pgbouncer.databases port=6432 sslmode=disable database=by_session username=by_session
    scripts by-session V1__songs.sql="$SONGS" V2__index.sql='CREATE INDEX CONCURRENTLY songs_id ON songs (id);'
    resource by-session << 'YAML'
edition: commercial
environment: staging
connection: {secretRef: {name: by-session}}
schema: {flyway: {configMaps: [{name: by-session}]}}
YAML
  } | apply
}

many_services_share_a_database_by_schema() {
  local service
  psql_as_admin pg17 by_schema 'CREATE SCHEMA albums AUTHORIZATION by_schema; CREATE SCHEMA bands AUTHORIZATION by_schema'
  {
    binding by-schema pg17 database=by_schema username=by_schema
    for service in albums bands; do connects "$service" '{secretRef: {name: by-schema}}' "defaultSchema: $service"; done
  } | apply
}

each_keeps_its_own_history() {
  local service
  for service in albums bands; do
    await 90 "$service is migrated" is_ready_at "$service" 1
    expect "$(psql_as_admin pg17 by_schema "SELECT count(*) FROM $service.flyway_schema_history WHERE version = '1'")" 1 \
      "$service has a history of its own"
  done
  connects intruder '{secretRef: {name: by-schema}}' 'defaultSchema: bands' | apply
  await 90 "a second resource for one schema is refused" says intruder DatabaseConflict
  expect "$(psql_as_admin pg17 by_schema "SELECT string_agg(DISTINCT history_schema, ' ' ORDER BY history_schema) FROM tunetrail.history")" \
    "albums bands" "works are told apart by schema"
}

all_are_migrated() {
  local name
  for name in by-cnpg by-crunchy by-zalando by-certificate; do
    await 120 "$name is migrated" is_ready_at "$name" 1
    agrees "$name" pg17 "${name//-/_}"
  done
  await 120 "by-session is migrated" is_ready_at by-session 2
  agrees by-session pg15 by_session
  await 120 "psycopg shows the certificate" is_ready_at by-alembic "$(head_of by-alembic)"
  await 120 "asyncpg shows the certificate" is_ready_at by-asyncpg "$(head_of by-asyncpg)"
}

fresh_namespace
new_databases pg17 by_cnpg by_crunchy by_zalando by_certificate by_alembic by_asyncpg by_another by_schema
cloudnative_pgs_app_secret_works_as_it_is
crunchys_user_secret_works_as_it_is
pgbouncer_in_session_mode_works
many_services_share_a_database_by_schema
zalandos_secret_works_with_host_and_database_of_the_spec
a_client_certificate_stands_for_a_password
anothers_certificate_is_refused
all_are_migrated
each_keeps_its_own_history
