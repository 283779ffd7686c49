#!/bin/bash
# How a database is reached: the keys of the Secret, fields that win over them, a role, TLS with a CA by reference.
source "$(dirname "${BASH_SOURCE[0]}")/../resources.sh"

SONGS='CREATE TABLE songs (id int);'

# connects NAME CONNECTION [ENVIRONMENT]: a resource with that connection, beside a script and its Secret.
connects() {
  scripts "$1" V1__songs.sql="$SONGS"
  resource "$1" << YAML
edition: commercial
environment: ${3:-staging}
targetVersion: "1"
connection: $2
schema: {flyway: {configMaps: [{name: $1}]}}
YAML
}

# only_keys NAME KEY=VALUE...: a Secret with these keys and no others.
only_keys() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s}\nstringData:\n' "$1"
  printf '%s\n' "${@:2}" | sed "s/\([^=]*\)=\(.*\)/  \1: '\2'/"
}

a_uri_says_it_all() {
  psql_script pg17 <<< "ALTER ROLE by_uri PASSWORD 'p@ss/word %';"
  {
    only_keys by-uri 'uri=postgresql://by_uri:p%40ss%2Fword%20%25@pg17.databases:5432/by_uri?sslmode=require'
    connects by-uri '{secretRef: {name: by-uri}}'
  } | apply
}

cloudnative_pg_names_are_understood() {
  {
    only_keys by-cnpg host=pg17.databases port=5432 dbname=by_cnpg user=by_cnpg password=secret
    connects by-cnpg '{secretRef: {name: by-cnpg}}'
  } | apply
}

fields_win_over_keys() {
  {
    binding by-fields pg17 host=nowhere port=1 database=nothing username=by_fields sslmode=verify-full
    connects by-fields '{secretRef: {name: by-fields}, host: pg17.databases, port: 5432, database: by_fields, sslMode: prefer}'
  } | apply
}

a_short_host_means_the_resources_namespace() {
  {
    printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: near}\nspec: {type: ExternalName, externalName: pg17.databases.svc.cluster.local}\n'
    binding by-service pg17 host=near database=by_service username=by_service
    connects by-service '{secretRef: {name: by-service}}'
  } | apply
}

a_role_owns_what_is_made() {
  psql_script pg17 << 'SQL'
SELECT 'CREATE ROLE stable_owner' WHERE to_regrole('stable_owner') IS NULL \gexec
GRANT stable_owner TO by_role;
ALTER DATABASE by_role OWNER TO stable_owner;
SQL
  {
    binding by-role pg17 database=by_role username=by_role
    connects by-role '{secretRef: {name: by-role}, role: stable_owner}'
  } | apply
}

the_ca_may_come_from_either() {
  {
    binding by-config-map pg17 database=by_config_map username=by_config_map
    connects by-config-map '{secretRef: {name: by-config-map}, sslMode: verify-full, caRef: {configMap: {name: pg-ca}}}'
    binding by-secret pg17 database=by_secret username=by_secret
    connects by-secret '{secretRef: {name: by-secret}, sslMode: verify-full, caRef: {secret: {name: pg-authority, key: authority.pem}}}'
  } | apply
  kc create secret generic pg-authority --namespace="$NAMESPACE" --from-literal=authority.pem="$(database_ca)" > /dev/null
}

all_of_them_are_migrated() {
  local name
  for name in by-uri by-cnpg by-fields by-service by-role by-config-map by-secret; do
    await 90 "$name is migrated" is_ready_at "$name" 1
    agrees "$name" pg17 "${name//-/_}"
  done
  expect "$(psql_as_admin pg17 by_role "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables
    WHERE schemaname IN ('public', 'tunetrail')")" stable_owner "all that by-role made belongs to the role"
}

an_unknown_authority_is_refused_until_it_is_named() {
  {
    binding by-trust pg17 database=by_trust username=by_trust
    connects by-trust '{secretRef: {name: by-trust}, sslMode: verify-full}'
  } | apply
  await 90 "a CA that the system does not trust is refused" says by-trust TlsFailed 'connection.caRef'
  connects by-trust '{secretRef: {name: by-trust}, sslMode: verify-full, caRef: {configMap: {name: pg-ca}}}' | apply
  await 90 "it is migrated once caRef names the CA" is_ready_at by-trust 1
}

# A second Service of pg17, whose name is not in its certificate.
fault_50_wrong_host_in_the_certificate() {
  kc apply --filename=- > /dev/null << 'YAML'
apiVersion: v1
kind: Service
metadata: {name: pg17-alias, namespace: databases}
spec: {selector: {app: pg17}, ports: [{port: 5432}]}
YAML
  {
    binding by-alias pg17 host=pg17-alias.databases database=by_alias username=by_alias
    connects by-alias '{secretRef: {name: by-alias}, sslMode: verify-full, caRef: {configMap: {name: pg-ca}}}'
  } | apply
  await 90 "a certificate for another host is refused" says by-alias TlsFailed 'pg17-alias.databases.*host name'
  expect "$(tables pg17 by_alias)$(jobs by-alias)" 0 "nothing ran"
  connects by-alias '{secretRef: {name: by-alias}, sslMode: verify-ca, caRef: {configMap: {name: pg-ca}}}' | apply
  await 90 "verify-ca does not ask for the host" is_ready_at by-alias 1
}

fault_50_production_refuses_sslmode_disable_in_the_secret() {
  {
    binding by-plain pg17 database=by_plain username=by_plain sslmode=disable
    connects by-plain '{secretRef: {name: by-plain}}' production
  } | apply
  await 90 "the Secret's sslmode=disable is refused in production" says by-plain TlsRequired 'sslmode is disable'
  expect "$(condition "$NAMESPACE" by-plain Stalled)" "True TlsRequired" "it waits for somebody to change it"
}

fault_47_parameters_in_the_secret_are_refused() {
  {
    binding by-parameter pg17 host='pg17.databases?socketFactory=evil.Factory'
    connects by-parameter '{secretRef: {name: by-parameter}}'
    only_keys by-uri-parameter 'uri=postgresql://a:secret@pg17.databases/a?socketFactory=evil.Factory'
    connects by-uri-parameter '{secretRef: {name: by-uri-parameter}}'
    binding by-database pg17 database='by_uri?socketFactory=evil.Factory'
    connects by-database '{secretRef: {name: by-database}}'
  } | apply
  await 90 "a parameter in the host is refused" says by-parameter InvalidConnection 'host is neither'
  await 90 "a parameter in the uri is refused" says by-uri-parameter InvalidConnection 'parameter other than sslmode'
  await 90 "a parameter in the database is refused" says by-database InvalidConnection 'database is not one name'
}

fresh_namespace
new_databases pg17 by_uri by_cnpg by_fields by_service by_role by_config_map by_secret by_trust by_alias by_plain
a_uri_says_it_all
cloudnative_pg_names_are_understood
fields_win_over_keys
a_short_host_means_the_resources_namespace
a_role_owns_what_is_made
the_ca_may_come_from_either
all_of_them_are_migrated
an_unknown_authority_is_refused_until_it_is_named
fault_50_wrong_host_in_the_certificate
fault_50_production_refuses_sslmode_disable_in_the_secret
fault_47_parameters_in_the_secret_are_refused
