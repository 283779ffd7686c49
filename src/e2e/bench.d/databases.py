"""Databases on the test cluster's PostgreSQL servers, and the resources that name them."""

import os
import pathlib

from kubernetes import Api, kubectl, resource

NAMESPACE = os.environ["NAMESPACE"]
SERVERS = "databases"
SCRIPTS = {file.name: file.read_text() for file in pathlib.Path(__file__).with_name("sql").glob("*.sql")}
LATEST = "3"
PASSWORD = "secret"


def psql(server: str, database: str, sql: str) -> str:
    """What the superuser sees, unaligned."""
    return kubectl(
        "exec", "--stdin", "--namespace=" + SERVERS, "deployment/" + server, "--container=postgres", "--",
        "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=" + database,
        stdin=sql,
    ).strip()  # fmt: skip


def new_database(api: Api, server: str, name: str) -> None:
    """An empty database with its role, Secret and ConfigMap, all of that name, made anew."""
    psql(
        server,
        "postgres",
        f"""
        SET client_min_messages = warning;
        DROP DATABASE IF EXISTS "{name}" WITH (FORCE);
        DROP ROLE IF EXISTS "{name}";
        CREATE ROLE "{name}" LOGIN PASSWORD '{PASSWORD}';
        CREATE DATABASE "{name}" OWNER "{name}";
        """,
    )
    keys = {"host": f"{server}.{SERVERS}", "port": "5432", "database": name, "username": name, "password": PASSWORD}
    api.create(NAMESPACE, resource("Secret", name, stringData=keys))
    scripts = resource("ConfigMap", name, data=SCRIPTS)
    scripts["metadata"]["labels"] = {"tunetrail.io/watch": "true"}
    api.create(NAMESPACE, scripts)


def staging(name: str) -> dict:
    """A resource that migrates by itself, with what new_database made."""
    return declared(name, "commercial", "staging", {"targetVersion": LATEST, "schema": flyway(name)})


def production(name: str) -> dict:
    by_version = {"approval": {"version": LATEST}, "migration": {"approval": "Version"}}
    approved = {"targetVersion": LATEST, "schema": flyway(name), **by_version}
    thing = declared(name, "enterprise", "production", approved)
    thing["spec"]["connection"]["caRef"] = {"configMap": {"name": "pg-ca"}}
    return thing


def community(name: str) -> dict:
    return declared(name, "community", "development", {"schema": {"createAll": {"configMaps": [{"name": name}]}}})


def flyway(name: str) -> dict:
    return {"flyway": {"configMaps": [{"name": name}]}}


def declared(name: str, edition: str, environment: str, more: dict) -> dict:
    connection = {"connection": {"secretRef": {"name": name}}}
    return resource(
        "TuneTrailDatabase", name, spec={"edition": edition, "environment": environment, **connection, **more}
    )
