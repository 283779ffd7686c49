"""Trains the AOT caches of the image's two programs, each by a normal run that ends.

training IMAGE_ROOT SERVER_ROOT
    IMAGE_ROOT   holds the image's files where the image has them; the caches are written beside the programs
    SERVER_ROOT  holds Debian's packages of a PostgreSQL server; either may be /

The runner migrates a database over verified TLS. The operator finds that database current and another one empty, for which it
makes a Job. Needs root and a network of its own.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import api
import inputs
import postgres

PROGRAMS = "opt/tunetrail"
SERVICE_ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount"
TIMEOUT = 120
# Of the collectors only G1 can write objects into a cache, and every one reads them.
BASE_ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/tmp", "JDK_AOT_VM_OPTIONS": "-XX:-UseSerialGC -XX:+UseG1GC"}


def main() -> None:
    image, server = (pathlib.Path(it) for it in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(pathlib.Path(folder))
        with postgres.running(server, certificate, key, ["current", "fresh"]) as port:
            train_runner(image, certificate, port)
            train_operator(image, certificate, key, port)


def make_certificate(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """That of both servers, which is its own authority."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    names = ["-subj", "/CN=training", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *made]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return certificate, key


def train_runner(image: pathlib.Path, certificate: pathlib.Path, port: int) -> None:
    inputs.write_mounts(image / "training", "current", port, certificate.read_text())
    environment = {"TUNETRAIL_WORK": inputs.order(), "TUNETRAIL_MOUNTS": "/training"}
    with Run(image, "runner", "migrate", environment) as run:
        run.require(run.process.wait(TIMEOUT) == 0)


def train_operator(image: pathlib.Path, certificate: pathlib.Path, key: pathlib.Path, port: int) -> None:
    store = api.Store()
    store.put("configmaps", inputs.configmap("scripts", inputs.SCRIPTS))
    store.put("configmaps", inputs.configmap("ca", {"ca.crt": certificate.read_text()}))
    for name in ("current", "fresh"):
        store.put("secrets", inputs.secret(name, inputs.binding(name, port)))
        store.put("tunetraildatabases", inputs.resource(name))
    inputs.write(image / SERVICE_ACCOUNT, {"ca.crt": certificate.read_text(), "token": "training", "namespace": "training"})
    environment = {
        "KUBERNETES_SERVICE_HOST": "127.0.0.1",
        "KUBERNETES_SERVICE_PORT": str(api.serve(store, str(certificate), str(key))),
        "OPERATOR_IMAGE": "training",
        "LEASE_NAMESPACE": inputs.NAMESPACE,
        "POD_NAME": "training",
    }
    with Run(image, "operator", "operator", environment) as run:
        run.require(store.await_all(TIMEOUT, is_ready, lambda plural, _: plural == "jobs"))


def is_ready(plural: str, thing: dict) -> bool:
    conditions = thing.get("status", {}).get("conditions", [])
    return plural == "tunetraildatabases" and any(it["type"] == "Ready" and it["status"] == "True" for it in conditions)


class Run:
    """A program of the image with its own flags, which writes its cache when it ends. A context: it ends with it."""

    def __init__(self, image: pathlib.Path, program: str, role: str, environment: dict[str, str]) -> None:
        self.cache = image / PROGRAMS / (program + ".aot")
        self.arguments = image / "training.args"
        flags = (image / PROGRAMS / program).read_text().splitlines(keepends=True)
        self.arguments.write_text("".join(it for it in flags if not it.startswith(("-XX:AOTCache=", "-Xlog:"))))
        output = f"-XX:AOTCacheOutput=/{PROGRAMS}/{program}.aot"
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["chroot", str(image), "/opt/java/bin/java", output, "@/training.args", role],
            env={**BASE_ENVIRONMENT, **environment}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def require(self, good: bool) -> None:
        if not good:
            raise self.failure()

    def failure(self) -> RuntimeError:
        self.process.kill()
        self.log.seek(0)
        return RuntimeError(f"the training for {self.cache.name} failed: " + self.log.read().decode())

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, error: type | None, *_: object) -> None:
        self.process.terminate()
        self.process.wait(TIMEOUT)
        if error is None and not self.cache.exists():
            raise self.failure()


main()
