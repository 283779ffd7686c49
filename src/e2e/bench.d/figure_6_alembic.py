"""Alembic by the operator, in turn with a bare Job that has a native sidecar and with the bare tool inside that Job."""

import time

import databases
import image
from databases import NAMESPACE
from kubernetes import Api, has_condition, is_pod_of, kubectl, resource, terminated
from table import SECONDS, Row

TIMEOUT = 300
SERVER = "pg17"
APPLICATION = "localhost/app/darwin:1"
FIRST_REVISION = "fad49eb5592c"
TIMED = """
import subprocess, time
began = time.monotonic()
subprocess.run(["alembic", "upgrade", "head"], check=True)
print("seconds", time.monotonic() - began)
"""


def measure(api: Api, runs: int) -> list[Row]:
    bare, tool, first, next_time = [], [], [], []
    for number in range(runs + 1):
        complete, upgrade = bare_job(api, f"bench-bare-alembic-{number}")
        from_nothing, known = migration(api, f"bench-alembic-{number}")
        if number > 0:  # the first round finds caches cold
            bare.append(complete)
            tool.append(upgrade)
            first.append(from_nothing)
            next_time.append(known)
    sidecar = "bare Job with a sidecar: applied → Complete"
    return [
        Row(6, "Alembic, a new image: applied → Ready at its first revision", SECONDS, first, sidecar, bare),
        Row(6, "Alembic, two more revisions: target changed → Ready", SECONDS, next_time, sidecar, bare),
        Row(6, "the same beside the bare tool", SECONDS, next_time, "`alembic upgrade head`, from empty", tool),
    ]  # fmt: skip


def bare_job(api: Api, name: str) -> tuple[float, float]:
    """Seconds from the request to Complete, and of them those that alembic took."""
    databases.new_database(api, SERVER, name)
    watch = api.watch(NAMESPACE, "Job", "Pod")
    began = time.monotonic()
    api.create(NAMESPACE, job_with_sidecar(name))
    pods = []

    def ended(it: dict) -> bool:
        done = is_pod_of(it, name) and terminated(it) is not None
        if done:
            pods.append(it["metadata"]["name"])
        return done

    reached = watch.milestones(
        {"ended": ended, "Complete": lambda it: has_condition(it, "Job", name, "Complete")}, TIMEOUT
    )
    log = kubectl("logs", pods[0], "--container=bare", "--namespace=" + NAMESPACE)
    api.delete("Job", NAMESPACE, name)
    seconds = next(line.split()[1] for line in log.splitlines() if line.startswith("seconds "))
    return reached["Complete"] - began, float(seconds)


def job_with_sidecar(name: str) -> dict:
    restricted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    url = f"postgresql+psycopg://{name}:{databases.PASSWORD}@{SERVER}.{databases.SERVERS}/{name}"
    sidecar = {
        "name": "sidecar",
        "image": image.NAME,
        "restartPolicy": "Always",
        "args": ["wait"],
        "env": [{"name": "TUNETRAIL_WAIT_FOR", "value": "0"}, {"name": "PGHOST", "value": "localhost"}],
        "securityContext": restricted,
    }
    work = {
        "name": "bare",
        "image": APPLICATION,
        "workingDir": "/app",
        "command": ["python", "-c", TIMED],
        "env": [{"name": "DATABASE_URL", "value": url}],
        "securityContext": restricted,
    }
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
        "initContainers": [sidecar],
        "containers": [work],
        "terminationGracePeriodSeconds": 1,
    }
    return resource("Job", name, spec={"backoffLimit": 0, "template": {"spec": pod}})


def migration(api: Api, name: str) -> tuple[float, float]:
    """Seconds to Ready of a new resource, and again after its target was raised."""
    databases.new_database(api, SERVER, name)
    schema = {
        "alembic": {
            "image": APPLICATION,
            "workingDirectory": "/app",
            "urls": [{"variable": "DATABASE_URL", "driver": "psycopg"}],
        }
    }
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    ready = {"Ready": lambda it: has_condition(it, "TuneTrailDatabase", name, "Ready")}
    began = time.monotonic()
    api.create(NAMESPACE, databases.declared(name, "saas", "staging", {"targetVersion": FIRST_REVISION, "schema": schema}))
    from_nothing = watch.milestones(ready, TIMEOUT)["Ready"] - began
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    began = time.monotonic()
    raised = '{"spec":{"targetVersion":"latest"}}'
    kubectl("patch", "tunetraildatabase", name, "--namespace=" + NAMESPACE, "--type=merge", "--patch=" + raised)
    known = watch.milestones(ready, TIMEOUT)["Ready"] - began
    api.delete("TuneTrailDatabase", NAMESPACE, name)
    return from_nothing, known
