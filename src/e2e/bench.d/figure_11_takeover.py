"""The leader stands still, as on a lost node; from then until another operator has seen a changed resource. Beside it one that
is told to end."""

import os
import pathlib
import signal
import time

import fleet
import operator_pod
from databases import NAMESPACE
from kubernetes import Api, kubectl
from table import SECONDS, Aim, Row

SERVER = "pg17"
NAME = "bench-takeover"
LEASE = 15
AIM = Aim("≤ lease + 1 s", lambda ours, _: ours <= LEASE + 1)


def measure(api: Api, runs: int) -> list[Row]:
    fleet.make_template(api, SERVER)
    fleet.clone_databases(SERVER, [NAME])
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    api.create(NAMESPACE, fleet.clone(NAME))
    fleet.await_all(watch, [NAME], fleet.is_ready)
    with operator_pod.replicas(2):
        lost = [takeover(api, f"lost-{run}", stop_process) for run in range(runs)]
        ended = [takeover(api, f"ended-{run}", end_pod) for run in range(runs)]
    fleet.delete_all(api, [NAME])
    fleet.drop_databases(SERVER, [NAME])
    return [
        Row(11, f"leader lost → the next one has seen a change; the lease is {LEASE} s", SECONDS, lost,
            "leader told to end", ended, AIM),
    ]  # fmt: skip


def takeover(api: Api, token: str, end) -> float:
    first = operator_pod.leader(api)
    watch, began = api.watch(NAMESPACE, "TuneTrailDatabase"), time.monotonic()
    end(api, first)
    operator_pod.await_other_leader(api, first)  # the first one may work a moment longer
    fleet.touch(api, NAME, token)
    seen = fleet.await_all(watch, [NAME], fleet.is_ready)[NAME] - began
    kubectl("delete", "pod/" + first, "--namespace=" + operator_pod.NAMESPACE, "--ignore-not-found", "--force", "--grace-period=0")
    kubectl("rollout", "status", operator_pod.DEPLOYMENT, "--namespace=" + operator_pod.NAMESPACE, "--timeout=300s")
    return seen


def end_pod(_: Api, pod: str) -> None:
    kubectl("delete", "pod/" + pod, "--namespace=" + operator_pod.NAMESPACE, "--wait=false")


def stop_process(api: Api, pod: str) -> None:
    """A killed one would start again under its name and go on leading."""
    uid = api.get("Pod", operator_pod.NAMESPACE, pod)["metadata"]["uid"]
    found = [it for it in pathlib.Path("/proc").glob("[0-9]*") if is_java_of(it, uid)]
    if len(found) != 1:
        raise RuntimeError(f"the leader's process is not on this machine: {len(found)} found")
    os.kill(int(found[0].name), signal.SIGSTOP)


def is_java_of(process: pathlib.Path, pod_uid: str) -> bool:
    try:
        return (process / "comm").read_text().strip() == "java" and pod_uid in (process / "cgroup").read_text()
    except OSError:  # it ended
        return False
