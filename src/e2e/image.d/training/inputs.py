"""What the programs are trained on: scripts, a Job's order and mounts, resources."""

import base64
import hashlib
import json
import pathlib
import struct

from postgres import PASSWORD

HERE = pathlib.Path(__file__).parent
SCRIPTS = {file.name: file.read_text() for file in sorted((HERE / "sql").iterdir())}
NAMESPACE = "training"
CONNECTION = {"sslMode": "verify-full", "caRef": {"configMap": {"name": "ca", "key": "ca.crt"}}}


def order() -> str:
    """As a Job's container finds it in its environment."""
    text = json.loads((HERE / "order.json").read_text())
    return json.dumps({**text, "inputsDigest": scripts_digest()})


def scripts_digest() -> str:
    """ScriptSet's: the runner refuses to work for another."""
    digest = hashlib.sha256()
    for name, content in SCRIPTS.items():
        for text in ("0", name, content):
            data = text.encode()
            digest.update(struct.pack("!i", len(data)) + data)
    return "sha256:" + digest.hexdigest()


def write_mounts(folder: pathlib.Path, database: str, port: int, authority: str) -> None:
    write(folder / "secret", binding(database, port))
    write(folder / "ca", {"ca.crt": authority})
    write(folder / "sql" / "0", SCRIPTS)


def write(folder: pathlib.Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)


def binding(database: str, port: int) -> dict[str, str]:
    return {"host": "127.0.0.1", "port": str(port), "database": database, "username": database, "password": PASSWORD}


def resource(name: str) -> dict:
    connection = {"secretRef": {"name": name}, **CONNECTION}
    flyway = {"configMaps": [{"name": "scripts"}], "placeholders": {"purpose": "training"}}
    spec = {"edition": "commercial", "environment": "staging", "connection": connection, "schema": {"flyway": flyway}}
    return {"apiVersion": "tunetrail.io/v1alpha1", "kind": "TuneTrailDatabase", "metadata": metadata(name), "spec": spec}


def configmap(name: str, data: dict[str, str]) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name), "data": data}


def secret(name: str, data: dict[str, str]) -> dict:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata(name), "data": encoded}


def metadata(name: str) -> dict:
    return {"name": name, "namespace": NAMESPACE}
