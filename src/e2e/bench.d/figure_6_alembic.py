"""Alembic by the operator, in turn with a bare Job that has a native sidecar and with the bare tool inside that Job."""

import time
from collections.abc import Callable

import databases
import image
from databases import NAMESPACE
from kubernetes import Api, has_condition, is_pod_of, kubectl, resource, terminated
from table import SECONDS, Row

TIMEOUT = 300
SERVER = "pg17"
APPLICATION = "localhost/app/darwin:1"
TIMED = """
import subprocess, time
for name in ("empty", "noop"):
    began = time.monotonic()
    subprocess.run(["alembic", "upgrade", "head"], check=True)
    print(name, time.monotonic() - began)
"""


def measure(api: Api, runs: int) -> list[Row]:
    rounds = []
    for number in range(runs + 1):
        bare = bare_job(api, f"bench-bare-alembic-{number}")
        rounds.append({**bare, **from_empty(api, f"bench-alembic-{number}"), **known(api, f"bench-known-{number}")})
    counted = rounds[1:]  # the first round finds caches cold

    def row(name: str, ours: str, beside: str, theirs: str) -> Row:
        return Row(6, name, SECONDS, [it[ours] for it in counted], beside, [it[theirs] for it in counted])

    sidecar = "bare Job with a native sidecar: applied → Complete"
    nothing = "`alembic upgrade head`, nothing to do"
    return [
        row("Alembic, three revisions: applied → Ready", "Ready", sidecar, "Complete"),
        row("the same", "Ready", "`alembic upgrade head`, from empty", "empty"),
        row("Alembic, three revisions, the image known: target changed → Ready", "known", sidecar, "Complete"),
        row("Alembic, nothing to do: spec changed → Ready", "unchanged", nothing, "noop"),
        row("Alembic, nothing to do: applied anew → Ready", "anew", nothing, "noop"),
    ]


def bare_job(api: Api, name: str) -> dict[str, float]:
    """Seconds from the request to Complete, and of them those that alembic took from empty and with nothing to do."""
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
    took = dict(line.split() for line in log.splitlines() if line.startswith(("empty ", "noop ")))
    # Complete is that of a Job which runs alembic once.
    complete = reached["Complete"] - began - float(took["noop"])
    return {"Complete": complete, **{name: float(seconds) for name, seconds in took.items()}}


def job_with_sidecar(name: str) -> dict:
    restricted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    url = f"postgresql+psycopg://{name}:{databases.PASSWORD}@{SERVER}.{databases.SERVERS}/{name}"
    sidecar = {
        "name": "sidecar",
        "image": image.NAME,
        "restartPolicy": "Always",
        "args": ["wait"],
        # No server is there, so it waits for as long as the program works.
        "env": [
            {"name": key, "value": value}
            for key, value in {
                "TUNETRAIL_WAIT_FOR": "0",
                "PGHOST": "localhost",
                "PGDATABASE": name,
                "PGUSER": name,
                "PGPASSWORD": databases.PASSWORD,
            }.items()
        ],
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


def from_empty(api: Api, name: str) -> dict[str, float]:
    """Seconds to Ready of a resource, once more after a change that asks for nothing, and of a new resource then."""
    databases.new_database(api, SERVER, name)
    ready = seconds_to_ready(api, name, lambda: api.create(NAMESPACE, declared(name, "latest")))
    unchanged = seconds_to_ready(api, name, lambda: change(name, '{"migration":{"retry":"again"}}'))
    kubectl("delete", "tunetraildatabase", name, "--namespace=" + NAMESPACE, "--wait")
    anew = seconds_to_ready(api, name, lambda: api.create(NAMESPACE, declared(name, "latest")))
    api.delete("TuneTrailDatabase", NAMESPACE, name)
    return {"Ready": ready, "unchanged": unchanged, "anew": anew}


def known(api: Api, name: str) -> dict[str, float]:
    """Seconds to Ready from empty, of a resource whose image was read before."""
    databases.new_database(api, SERVER, name)
    seconds_to_ready(api, name, lambda: api.create(NAMESPACE, declared(name, "base")))
    seconds = seconds_to_ready(api, name, lambda: change(name, '{"targetVersion":"latest"}'))
    api.delete("TuneTrailDatabase", NAMESPACE, name)
    return {"known": seconds}


def seconds_to_ready(api: Api, name: str, act: Callable[[], object]) -> float:
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    began = time.monotonic()
    act()
    ready = {"Ready": lambda it: has_condition(it, "TuneTrailDatabase", name, "Ready")}
    return watch.milestones(ready, TIMEOUT)["Ready"] - began


def change(name: str, spec: str) -> None:
    patch = f'--patch={{"spec":{spec}}}'
    kubectl("patch", "tunetraildatabase", name, "--namespace=" + NAMESPACE, "--type=merge", patch)


def declared(name: str, target: str) -> dict:
    alembic = {
        "image": APPLICATION,
        "workingDirectory": "/app",
        "urls": [{"variable": "DATABASE_URL", "driver": "psycopg"}],
    }
    return databases.declared(name, "saas", "staging", {"targetVersion": target, "schema": {"alembic": alembic}})
